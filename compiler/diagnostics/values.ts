/** SG2: types that Avro cannot say. */
import type { Span } from "../model/span.ts";
import type { RecordModel, TypeModel } from "../model/type.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";
import { shorten } from "./shorten.ts";

/** SG2001: `any`. */
export const anyType = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2001",
    span,
    message: `${subject} has the type any, which switches every check off`,
    fix: "name the type: most likely Int (32 bit), Long (64 bit, bigint), number (double) or string",
  });

/** SG2002: `unknown`, `object`. */
export const shapelessType = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2002",
    span,
    message: `${subject} has the type ${text}, which has no fields to write down`,
    fix: "write an interface with its fields, or Record<string, T> for free names",
  });

/** SG2003: functions, symbols, never. */
export const functionInRecord = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2003",
    span,
    message: `${subject} has the type ${text}, whose values cannot be sent`,
    fix: "leave it out, or send the data that it works on",
  });

/** SG2005: tuples. */
export const tupleType = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2005",
    span,
    message: `${subject} is the tuple ${text}, and Avro's arrays have one type of item and any length`,
    fix: "write a record with a field for each place",
  });

/** SG2006: Set and Map. */
export const collectionType = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2006",
    span,
    message: `${subject} is a ${name}, which Avro does not have`,
    fix: name.includes("Set") ? "write an array: T[]" : "write Record<string, T>",
  });

/** SG2007: classes. */
export const classInRecord = (name: string | undefined, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2007",
    span,
    message: `${subject} is the class ${name ?? "without a name"}, and reading a record cannot call constructors`,
    fix: "write an interface with the fields",
  });

/** SG2008: numeric enums. */
export const numericEnum = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2008",
    span,
    message: `${subject} is the enum ${name}, whose members are numbers; Avro's are names`,
    fix: 'give each member a text, or write a union: "NEW" | "PAID"',
  });

/** SG2009: `const enum`, and enums that cannot be imported. */
export const constEnum = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2009",
    span,
    message: `${subject} is the enum ${name}, which generated code cannot import`,
    fix: "export it and write it without const",
  });

/** SG2010: literal types of numbers and booleans. */
export const literalType = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2010",
    span,
    message: `${subject} is the literal ${text}, and Avro has literals of texts only`,
    fix: /^(?:true|false)$/.test(text) ? "write boolean" : "write Int or number",
  });

/** SG2011: undefined outside of an optional field. */
export const undefinedType = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2011",
    span,
    message: `${subject} may be ${text}, which is nothing that can be sent`,
    fix: "make the field optional with `?:`, or write null",
  });

/** SG2012: types that are worked out. */
export const openType = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2012",
    span,
    message: `${subject} has the type ${shorten(text)}, which has to be worked out`,
    fix: "write the resulting type out, as an interface or a union",
  });

/** SG2013: types of the standard library that are no data. */
export const foreignType = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2013",
    span,
    message: `${subject} is a ${name}, which Avro does not have`,
    fix:
      name === "Buffer"
        ? "write Uint8Array; a Buffer is one, so it can be given where values are made"
        : "write an interface with the data that is meant",
  });

/** SG2014: triggers, topics and resources as data. */
export const wiringInRecord = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2014",
    span,
    message: `${subject} has the type "${name}" of streamgen, which is wiring and no data`,
    fix: "write the type of the value",
  });

/** SG2015: maps by anything but texts. */
export const mapKey = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2015",
    span,
    message: `${subject} is a map with keys of type ${shorten(text)}, and Avro's maps have texts`,
    fix: "write Record<string, T>, or an interface where the names are known",
  });

/** SG2018: symbols that are no Avro names. */
export const badSymbol = (symbol: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2018",
    span,
    message: `${subject} may be ${JSON.stringify(symbol)}, which is no name that an Avro enum can have`,
    fix: "use letters, digits and _ only, or write string",
  });

/** SG2019: branches of the same kind. */
export const sameKind = (
  [first, second]: readonly [TypeModel, TypeModel],
  subject: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG2019",
    span,
    message: `${subject} may be ${describe(first)} or ${describe(second)}, which cannot be told apart`,
    fix: "leave one of them, or wrap one in a record",
  });

/** SG2020: records that look the same. */
export const recordsAlike = (
  records: readonly RecordModel[],
  subject: string,
  span: Span,
): Diagnostic => {
  const [first] = records;
  return error({
    code: "SG2020",
    span,
    message: `${subject} may be ${records.map((record) => record.typescriptName).join(" or ")}, and nothing tells them apart`,
    related: records.map((record) => ({
      message: `${record.typescriptName} is declared here`,
      span: record.span,
    })),
    fix: `give each of them a field with a text of its own: type: "${first?.typescriptName.toLowerCase() ?? "a"}"`,
  });
};

/** SG2021: several records without a name in one union. */
export const namelessBranches = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2021",
    span,
    message: `${subject} may be one of several records without a name`,
    fix: "declare an interface for each of them",
  });

/** SG2027: a decimal that cannot be. */
export const badDecimal = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2027",
    span,
    message: `${subject} is ${text}, which is no decimal: 1 to 1000 digits, of which the scale is a part`,
    fix: "write the number of digits, then how many of them are behind the point: Decimal<12, 2>",
  });

/** SG2028: a fixed size that cannot be. */
export const badFixed = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2028",
    span,
    message: `${subject} is ${text}, whose size is not a whole number from 1 to 1048576`,
    fix: "write the number of bytes: Fixed<16>",
  });

/** SG2032: a type that contains itself without a record in between. */
export const circularType = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2032",
    span,
    message: `${subject} has a type that contains itself, and only records can`,
    fix: "put a record in between: interface Node { children: Node[] }",
  });

function describe(type: TypeModel): string {
  switch (type.kind) {
    case "array":
      return "an array";
    case "map":
      return "a map";
    case "record":
    case "enum":
    case "fixed":
      return `the ${type.kind} ${type.name}`;
    default:
      return type.kind;
  }
}
