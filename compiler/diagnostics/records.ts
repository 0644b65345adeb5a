/** SG2: types that Avro cannot say, or says in another way than is probably meant. */
import type { Span } from "../model/span.ts";
import type { RecordModel, TypeModel } from "../model/type.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, info, warning } from "./report.ts";

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

/** SG2004: a method or call signature in a record. */
export const methodInRecord = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2004",
    span,
    message: `${subject} has "${text.replace(/\s+/g, " ").slice(0, 60)}", which is no field`,
    fix: "make it a function that takes the record",
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
    fix: "write an interface with the data that is meant",
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

/** SG2016: an index signature among fields. */
export const indexBesideFields = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2016",
    span,
    message: `${subject} has an index signature beside its fields`,
    fix: "move the free names into a field of their own: Record<string, T>",
  });

/** SG2017: a field whose name or type is not written. */
export const computedField = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2017",
    span,
    message: `${subject} has the field ${name}, whose name or type is not written`,
    fix: "write the name as an identifier, and a type after it",
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

/** SG2022: a record that always holds another one of itself. */
export const endlessValue = (record: string, field: string, span: Span): Diagnostic =>
  error({
    code: "SG2022",
    span,
    message: `a value of ${record} would never end, because "${field}" always holds another one`,
    fix: `make it optional (${field}?: …), nullable or an array`,
  });

/** SG2023: a generic record that makes ever larger instances of itself. */
export const endlessRecord = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2023",
    span,
    message: `${shorten(subject)} is a generic record that holds ever larger instances of itself`,
    fix: "give the inner instance the same type arguments as the outer one",
  });

/** SG2024: a field's name that Avro does not allow. */
export const badFieldName = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG2024",
    span,
    message: `field ${JSON.stringify(name)} has a name that Avro does not allow`,
    fix: `give it a name on the wire: Field<T, { name: "${name.replace(/\W+/g, "_").replace(/^(?=\d)|^$/, "_")}" }>`,
  });

/** SG2025: two fields with one name on the wire. */
export const sameWireName = (name: string, other: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG2025",
    span,
    message: `fields "${other}" and "${name}" share a name or alias on the wire`,
    related: [{ message: `"${other}" is declared here`, span: first }],
    fix: "give one of them another name, or remove the alias",
  });

/** SG2026: a default that is no value of the type. */
export const badDefault = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2026",
    span,
    message: `the default ${shorten(text)} is no value of ${subject}`,
    fix: "write a literal that fits the type, in its range and form",
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

/** SG2029: a record that generated code cannot import. */
export const unexportedRecord = (
  record: { readonly name: string; readonly subject: string; readonly isForeign: boolean },
  span: Span,
): Diagnostic =>
  error({
    code: "SG2029",
    span,
    message: `${record.name} is used in ${record.subject}, but its module does not export it by name`,
    fix: record.isForeign
      ? `export ${record.name} from the package's entry, where the pipeline imports the package`
      : `write "export" before ${record.name}, at the top of its module`,
  });

/** SG2030: a number that is probably meant to be whole. */
export const smellsLikeCount = (subject: string, span: Span): Diagnostic =>
  warning({
    code: "SG2030",
    span,
    message: `${subject} is a number, which is a double on the wire, but its name says that it counts`,
    fix: "write Int; or Double, to say that a double is meant",
  });

/** SG2031: two ways of not being there. */
export const optionalAndNullable = (subject: string, span: Span): Diagnostic =>
  info({
    code: "SG2031",
    span,
    message: `${subject} is optional and nullable, which is the same on the wire`,
    fix: "leave one of `?` and `| null`; what is missing reads as absent",
  });

/** SG2032: a type that contains itself without a record in between. */
export const circularType = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2032",
    span,
    message: `${subject} has a type that contains itself, and only records can`,
    fix: "put a record in between: interface Node { children: Node[] }",
  });

/** SG2033: `Field` where there is no field. */
export const fieldInside = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2033",
    span,
    message: `${subject} has "Field" inside of its type, where there is no field for the options`,
    fix: "write Field<…> around the whole type of a record's field",
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

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};
