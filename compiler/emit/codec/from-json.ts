import type { BranchModel, ScalarKind, TypeModel, UnionModel } from "../../model/type.ts";
import { type Code, call, code, literal, numberLiteral, when } from "../code.ts";
import { jsonTag } from "./branch.ts";
import type { FunctionParts } from "./function.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/** The expression that reads a value from the JSON at `json`. */
export function fromJsonExpression(
  unit: CodecUnit,
  type: TypeModel,
  json: Code,
  place: string,
): Code {
  const optional = nullable(type);
  if (optional !== undefined) {
    const inner = fromJsonFunction(unit, optional.type, place);
    return call(unit.runtime("nullableFromJson"), [json, inner]);
  }
  switch (type.kind) {
    case "array":
      return call(unit.runtime("arrayFromJson"), [json, fromJsonFunction(unit, type.items, place)]);
    case "map":
      return call(unit.runtime("mapFromJson"), [json, fromJsonFunction(unit, type.values, place)]);
    case "enum":
      return call(unit.runtime("symbolFromJson"), [json, unit.symbols(type.name)]);
    case "decimal":
      return call(unit.runtime("decimalFromJson"), [
        json,
        numberLiteral(type.precision),
        numberLiteral(type.scale),
      ]);
    case "fixed":
      return call(unit.runtime("fixedFromJson"), [
        json,
        numberLiteral(unit.index.fixed(type.name).size),
      ]);
    default:
      return call(fromJsonFunction(unit, type, place), [json]);
  }
}

/** A function that reads a value from JSON. */
function fromJsonFunction(unit: CodecUnit, type: TypeModel, place: string): Code {
  if (nullable(type) !== undefined) return ownFunction(unit, type, place);
  switch (type.kind) {
    case "array":
    case "map":
    case "enum":
    case "decimal":
    case "fixed":
      return ownFunction(unit, type, place);
    case "record":
      return unit.recordPart("fromJson", type.name);
    case "union":
      return unionFromJson(unit, type, place);
    default:
      return unit.runtime(fromJsonNames[type.kind]);
  }
}

/** A function of its own, for what the runtime has none. */
function ownFunction(unit: CodecUnit, type: TypeModel, place: string): Code {
  return unit.part("fromJson", type, place, (name) => ({
    ...fromJsonHead(unit, name, unit.made(type, place)),
    statements: [code`return ${fromJsonExpression(unit, type, code`json`, place)};`],
  }));
}

export function fromJsonHead(
  unit: CodecUnit,
  name: Code,
  result: Code,
): Omit<FunctionParts, "statements"> {
  return { name, parameters: [{ name: "json", type: unit.runtimeType("JsonValue") }], result };
}

const fromJsonNames: Readonly<Record<ScalarKind, string>> = {
  null: "nullFromJson",
  boolean: "booleanFromJson",
  int: "intFromJson",
  "safe-long": "safeLongFromJson",
  long: "longFromJson",
  float: "floatFromJson",
  double: "numberFromJson",
  string: "textFromJson",
  bytes: "bytesFromJson",
  uuid: "uuidFromJson",
  date: "localDateFromJson",
  "time-millis": "timeMillisFromJson",
  "time-micros": "timeMicrosFromJson",
  "timestamp-date": "dateFromJson",
  "timestamp-millis": "safeLongFromJson",
  "timestamp-micros": "longFromJson",
  "timestamp-nanos": "longFromJson",
  "local-timestamp-millis": "localTimestampMillisFromJson",
  "local-timestamp-micros": "localTimestampMicrosFromJson",
  duration: "durationFromJson",
};

/** Tags first, then what can be told apart by its JSON type, objects last. */
const jsonOrder = (union: UnionModel, branch: BranchModel): number => {
  if (jsonTag(union, branch) !== undefined) return 0;
  switch (branch.test.kind) {
    case "literal":
      return 2;
    case "field":
      return 3;
    case "object":
      return 4;
    default:
      return 1;
  }
};

function unionFromJson(unit: CodecUnit, type: UnionModel, place: string): Code {
  return unit.part("fromJson", type, place, (name) => ({
    ...fromJsonHead(unit, name, unit.made(type, place)),
    statements: [
      ...[...type.branches]
        .sort((a, b) => jsonOrder(type, a) - jsonOrder(type, b))
        .map((branch) => branchFromJson(unit, type, branch, place)),
      code`return json.fail("a value of one of the union's types");`,
    ],
  }));
}

function branchFromJson(
  unit: CodecUnit,
  union: UnionModel,
  branch: BranchModel,
  place: string,
): Code {
  const tag = jsonTag(union, branch);
  if (tag !== undefined) {
    const value = fromJsonExpression(unit, branch.type, code`json.field(${literal(tag)})`, place);
    return when(code`json.has(${literal(tag)})`, code`return ${value};`);
  }
  const value =
    branch.type.kind === "null"
      ? code`null`
      : fromJsonExpression(unit, branch.type, code`json`, place);
  return when(code`${jsonTest(branch)}`, code`return ${value};`);
}

function jsonTest({ test }: BranchModel): Code {
  switch (test.kind) {
    case "typeof":
      return typeofTests[test.is];
    case "instanceof":
      return test.is === "Array" ? code`json.isArray()` : code`json.isString()`;
    case "literal":
      return code`json.isTagged(${literal(test.field)}, ${literal(test.is)})`;
    case "field":
      return code`json.has(${literal(test.field)})`;
    case "object":
      return code`json.isObject()`;
  }
}

const typeofTests: Readonly<Record<"null" | "boolean" | "number" | "bigint" | "string", Code>> = {
  null: code`json.isNull()`,
  boolean: code`json.isBoolean()`,
  number: code`json.isNumber()`,
  bigint: code`json.isString()`,
  string: code`json.isString()`,
};
