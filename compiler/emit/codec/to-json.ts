import type {
  BranchModel,
  FieldModel,
  ScalarKind,
  TypeModel,
  UnionModel,
} from "../../model/type.ts";
import { assignment, type Code, call, code, object, propertyName, when } from "../code.ts";
import { jsonTag, testsInOrder, testText } from "./branch.ts";
import type { FunctionParts } from "./function.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/** The expression that turns `value` into JSON. */
export function toJsonExpression(
  unit: CodecUnit,
  type: TypeModel,
  value: Code,
  place: string,
): Code {
  const writer = toJsonFunction(unit, type, place);
  if (writer === undefined) return value;
  const optional = nullable(type);
  if (optional !== undefined) {
    return call(unit.runtime("nullableToJson"), [value, writer]);
  }
  switch (type.kind) {
    case "array":
      return call(unit.runtime("arrayToJson"), [value, writer]);
    case "map":
      return call(unit.runtime("mapToJson"), [value, writer]);
    default:
      return call(writer, [value]);
  }
}

/**
 * The function that turns a value into JSON; of an array, a map and a nullable type, the one for what
 * is inside. Nothing where the value is its own JSON form.
 */
function toJsonFunction(unit: CodecUnit, type: TypeModel, place: string): Code | undefined {
  const optional = nullable(type);
  if (optional !== undefined) return wholeFunction(unit, optional.type, place);
  switch (type.kind) {
    case "array":
      return wholeFunction(unit, type.items, place);
    case "map":
      return wholeFunction(unit, type.values, place);
    case "record":
      return unit.recordPart("toJson", type.name);
    case "union":
      return unionToJson(unit, type, place);
    default: {
      const name = toJsonNames[type.kind];
      return name === undefined ? undefined : unit.runtime(name);
    }
  }
}

/** The function for a type as a whole, as another function calls it. */
function wholeFunction(unit: CodecUnit, type: TypeModel, place: string): Code | undefined {
  if (nullable(type) === undefined && type.kind !== "array" && type.kind !== "map") {
    return toJsonFunction(unit, type, place);
  }
  if (toJsonFunction(unit, type, place) === undefined) return undefined;
  return unit.part("toJson", type, place, (name) => ({
    ...toJsonHead(unit, name, { name: "value", type: unit.given(type, place) }),
    statements: [code`return ${toJsonExpression(unit, type, code`value`, place)};`],
  }));
}

const toJsonNames: Partial<Readonly<Record<TypeModel["kind"], string>>> = {
  long: "longToJson",
  "time-micros": "longToJson",
  "timestamp-micros": "longToJson",
  "timestamp-nanos": "longToJson",
  float: "numberToJson",
  double: "numberToJson",
  bytes: "bytesToJson",
  fixed: "bytesToJson",
  "timestamp-date": "dateToJson",
  duration: "durationToJson",
} satisfies Partial<Record<ScalarKind | "fixed", string>>;

function unionToJson(unit: CodecUnit, type: UnionModel, place: string): Code {
  return unit.part("toJson", type, place, (name) => ({
    ...toJsonHead(unit, name, { name: "value", type: unit.given(type, place) }),
    statements: [
      ...testsInOrder(type).map(({ branch }) =>
        when(
          code`${testText(unit, branch.test)}`,
          code`return ${branchToJson(unit, type, branch, place)};`,
        ),
      ),
      code`return ${unit.runtime("noBranch")}(value);`,
    ],
  }));
}

function branchToJson(
  unit: CodecUnit,
  union: UnionModel,
  branch: BranchModel,
  place: string,
): Code {
  const { type } = branch;
  if (type.kind === "null") return code`null`;
  if (type.kind === "double" || type.kind === "float") {
    return call(unit.runtime("numberToUnionJson"), [code`value`]);
  }
  const json = toJsonExpression(unit, type, code`value`, place);
  const tag = jsonTag(union, branch);
  return tag === undefined ? json : object([code`${propertyName(tag)}: ${json}`]);
}

/** The entry of a record's JSON form: a member, or one that is there only where the value is. */
export function toJsonEntry(unit: CodecUnit, field: FieldModel, value: Code, place: string): Code {
  if (!field.optional) {
    const json = toJsonExpression(unit, field.type, value, place);
    return assignment(code`${propertyName(field.name)}:`, json);
  }
  const type = nullable(field.type)?.type ?? field.type;
  const json = toJsonExpression(unit, type, value, place);
  const member = assignment(code`${propertyName(field.name)}:`, json);
  const test = call(unit.runtime("isPresent"), [value]);
  return code`...(${test} && ${object([member])})`;
}

export function toJsonHead(
  unit: CodecUnit,
  name: Code,
  value: FunctionParts["parameters"][number],
): Omit<FunctionParts, "statements"> {
  return { name, parameters: [value], result: unit.runtimeType("Json") };
}
