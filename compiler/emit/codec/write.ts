import type { ScalarKind, TypeModel, UnionModel } from "../../model/type.ts";
import { block, type Code, call, code, hang, member, numberLiteral, when } from "../code.ts";
import { testsInOrder, testText } from "./branch.ts";
import type { FunctionParts } from "./function.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/** The statement that writes `value`; nothing for a type that takes no bytes. */
export function writeStatement(
  unit: CodecUnit,
  type: TypeModel,
  value: Code,
  place: string,
): Code | undefined {
  const optional = nullable(type);
  if (optional !== undefined) {
    const method = optional.isNullFirst ? code`writer.present` : code`writer.presentFirst`;
    const test = call(method, [value]);
    const inner = writeStatement(unit, optional.type, value, place);
    return inner === undefined ? code`${test};` : when(test, inner);
  }
  switch (type.kind) {
    case "null":
      return undefined;
    case "decimal":
      return statement("decimal", [
        value,
        numberLiteral(type.precision),
        numberLiteral(type.scale),
      ]);
    case "fixed":
      return statement("fixed", [value, numberLiteral(unit.index.fixed(type.name).size)]);
    case "enum":
      return statement("symbol", [unit.symbols(type.name), value]);
    case "record":
      return code`${call(unit.recordPart("write", type.name), [code`writer`, value])};`;
    case "array":
      return code`${call(writeArray(unit, type.items, place), [code`writer`, value])};`;
    case "map":
      return code`${call(writeMap(unit, type.values, place), [code`writer`, value])};`;
    case "union":
      return code`${call(writeUnion(unit, type, place), [code`writer`, value])};`;
    default:
      return statement(writeMethods[type.kind], [value]);
  }
}

const statement = (method: string, parameters: readonly Code[]): Code =>
  code`${call(code`writer${member(method)}`, parameters)};`;

const writeMethods: Readonly<Record<Exclude<ScalarKind, "null">, string>> = {
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

function writeArray(unit: CodecUnit, items: TypeModel, place: string): Code {
  const type: TypeModel = { kind: "array", items };
  return unit.part("write", type, place, (name) => {
    const each = writeStatement(unit, items, code`item`, place);
    return {
      ...writeHead(unit, name, { name: "items", type: unit.given(type, place) }),
      statements: [
        code`writer.block(items.length);`,
        ...(each === undefined ? [] : [hang(code`for (const item of items)`, each)]),
        code`writer.end();`,
      ],
    };
  });
}

function writeMap(unit: CodecUnit, values: TypeModel, place: string): Code {
  const type: TypeModel = { kind: "map", values };
  return unit.part("write", type, place, (name) => {
    const each = writeStatement(unit, values, code`value`, place);
    const body = [
      // Read first, so that an error about the key is not taken for one about the member before.
      ...(each === undefined ? [] : [code`const value = ${unit.runtime("memberOf")}(map, key);`]),
      code`writer.string(key);`,
      ...(each === undefined ? [] : [each]),
    ];
    return {
      ...writeHead(unit, name, { name: "map", type: unit.given(type, place) }),
      statements: [
        code`const keys = Object.keys(map);`,
        code`writer.block(keys.length);`,
        block(code`for (const key of keys)`, body),
        code`writer.end();`,
      ],
    };
  });
}

function writeUnion(unit: CodecUnit, type: UnionModel, place: string): Code {
  return unit.part("write", type, place, (name) => {
    const tested = testsInOrder(type).map(({ branch, index }) => {
      const write = writeStatement(unit, branch.type, code`value`, place);
      return block(code`if (${testText(unit, branch.test)})`, [
        code`writer.branch(${numberLiteral(index)});`,
        ...(write === undefined ? [] : [write]),
      ]);
    });
    const otherwise = block(code`else`, [code`${unit.runtime("noBranch")}(value);`]);
    const chain = tested.reduce((before, each) => code`${before} else ${each}`);
    return {
      ...writeHead(unit, name, { name: "value", type: unit.given(type, place) }),
      statements: [code`${chain} ${otherwise}`],
    };
  });
}

export function writeHead(
  unit: CodecUnit,
  name: Code,
  value: { readonly name: string; readonly type: Code },
): Omit<FunctionParts, "statements"> {
  const writer = { name: "writer", type: unit.runtimeType("Writer") };
  return { name, parameters: [writer, value], result: code`void` };
}
