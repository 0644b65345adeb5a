import type { ScalarKind, TypeModel, UnionModel } from "../../model/type.ts";
import {
  assignment,
  block,
  type Code,
  call,
  choice,
  clause,
  code,
  hang,
  lines,
  member,
  numberLiteral,
} from "../code.ts";
import type { FunctionParts } from "./function.ts";
import { smallestSize } from "./size.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/** The expression that reads a value. */
export function readExpression(unit: CodecUnit, type: TypeModel, place: string): Code {
  const optional = nullable(type);
  if (optional !== undefined) {
    return choice(
      presentText(optional.isNullFirst),
      readExpression(unit, optional.type, place),
      code`null`,
    );
  }
  switch (type.kind) {
    case "null":
      return code`null`;
    case "decimal":
      return readCall("decimal", [numberLiteral(type.precision), numberLiteral(type.scale)]);
    case "fixed":
      return readCall("fixed", [numberLiteral(unit.index.fixed(type.name).size)]);
    case "enum":
      return readCall("symbol", [unit.symbols(type.name)]);
    case "record":
      return call(unit.recordPart("read", type.name), [code`reader`]);
    case "array":
      return call(readArray(unit, type.items, place), [code`reader`]);
    case "map":
      return call(readMap(unit, type.values, place), [code`reader`]);
    case "union":
      return call(readUnion(unit, type, place), [code`reader`]);
    default:
      return readCall(readMethods[type.kind], []);
  }
}

/** Whether a value follows, where it may be null. */
export function presentText(isNullFirst: boolean): Code {
  return isNullFirst ? code`reader.present()` : code`reader.presentFirst()`;
}

const readCall = (method: string, parameters: readonly Code[]): Code =>
  call(code`reader${member(method)}`, parameters);

const readMethods: Readonly<Record<Exclude<ScalarKind, "null">, string>> = {
  boolean: "boolean",
  int: "int",
  "safe-long": "safeLong",
  long: "long",
  float: "float",
  double: "double",
  string: "string",
  bytes: "bytesValue",
  uuid: "uuid",
  date: "localDate",
  "time-millis": "timeMillis",
  "time-micros": "timeMicros",
  "timestamp-date": "date",
  "timestamp-millis": "safeLong",
  "timestamp-micros": "long",
  "timestamp-nanos": "long",
  "local-timestamp-millis": "localTimestampMillis",
  "local-timestamp-micros": "localTimestampMicros",
  duration: "duration",
};

function readArray(unit: CodecUnit, items: TypeModel, place: string): Code {
  const type: TypeModel = { kind: "array", items };
  return unit.part("read", type, place, (name) => {
    const made = unit.made(type, place);
    return {
      ...readHead(unit, name, made),
      statements: [
        code`${assignment(code`const items: ${made} =`, code`[]`)};`,
        blocks(smallestSize(unit.index, items), [
          code`${call(code`items.push`, [readExpression(unit, items, place)])};`,
        ]),
        code`return items;`,
      ],
    };
  });
}

function readMap(unit: CodecUnit, values: TypeModel, place: string): Code {
  const type: TypeModel = { kind: "map", values };
  return unit.part("read", type, place, (name) => ({
    ...readHead(unit, name, unit.made(type, place)),
    statements: [
      code`const map = ${unit.runtime("createMap")}<${unit.made(values, place)}>();`,
      blocks(1 + smallestSize(unit.index, values), [
        code`const key = reader.key();`,
        code`${assignment(code`map[key] =`, readExpression(unit, values, place))};`,
      ]),
      code`return map;`,
    ],
  }));
}

/** The loop over the items of an array or map, each read by the statements. */
export function blocks(itemSize: number, statements: readonly Code[]): Code {
  const next = code`reader.block(${numberLiteral(itemSize)})`;
  const [only] = statements;
  const items = code`for (; left > 0; left--)`;
  const inner = statements.length === 1 && only !== undefined ? hang(items, only) : undefined;
  return block(code`for (let left = ${next}; left > 0; left = ${next})`, [
    inner ?? block(items, statements),
  ]);
}

function readUnion(unit: CodecUnit, type: UnionModel, place: string): Code {
  return unit.part("read", type, place, (name) => ({
    ...readHead(unit, name, unit.made(type, place)),
    statements: [
      branches(type, (branch) => [code`return ${readExpression(unit, branch, place)};`]),
    ],
  }));
}

/** The `switch` over a union's branches; the reader has checked the index, so the last needs no case. */
export function branches(type: UnionModel, each: (branch: TypeModel) => readonly Code[]): Code {
  const count = numberLiteral(type.branches.length);
  const [only] = type.branches;
  if (type.branches.length === 1 && only !== undefined) {
    return lines([code`reader.branch(1);`, ...each(only.type)]);
  }
  const cases = type.branches.map((branch, index) => {
    const isLast = index === type.branches.length - 1;
    const label = isLast ? code`default:` : code`case ${numberLiteral(index)}:`;
    return clause(label, each(branch.type));
  });
  return block(code`switch (reader.branch(${count}))`, cases);
}

export function readHead(
  unit: CodecUnit,
  name: Code,
  result: Code,
): Omit<FunctionParts, "statements"> {
  return { name, parameters: [{ name: "reader", type: unit.runtimeType("Reader") }], result };
}
