import type { FieldModel, RecordModel } from "../../model/type.ts";
import {
  array,
  block,
  type Code,
  call,
  code,
  hang,
  ident,
  literal,
  member,
  propertyName,
  tallObject,
} from "../code.ts";
import { fromJsonExpression } from "./from-json.ts";
import { placeOf, valueName } from "./place.ts";
import type { ProjectionModel } from "./projection.ts";
import { readHead } from "./read.ts";
import { type ReadFields, readFields, readSomeFields, setStatement } from "./read-fields.ts";
import { skipHead, skipStatement } from "./skip.ts";
import { toJsonEntry } from "./to-json.ts";
import { type CodecUnit, nullable } from "./unit.ts";
import { writeHead, writeStatement } from "./write.ts";

/** `export function writeOrder(writer: Writer, order: Order): void`. */
export function writeFunction(unit: CodecUnit, record: RecordModel): Code {
  const value = valueName(record);
  const statements = record.fields.flatMap((field) => writeField(unit, record, field, value));
  const head = writeHead(
    unit,
    unit.recordPart("write", record.name),
    code`${value}: ${recordType(unit, record)}`,
  );
  const inside = record.recursive
    ? [code`writer.enter();`, ...statements, code`writer.leave();`]
    : statements;
  return block(code`export ${head}`, inside);
}

function writeField(
  unit: CodecUnit,
  record: RecordModel,
  field: FieldModel,
  value: Code,
): readonly Code[] {
  const given = givenField(unit, record, field, value);
  const isLongUnion = field.type.kind === "union" && nullable(field.type) === undefined;
  const part = field.optional && isLongUnion ? code`${given.value} ?? null` : given.value;
  const statement = writeStatement(unit, field.type, part, placeOf(record, field));
  return [...given.statements, ...(statement === undefined ? [] : [statement])];
}

interface GivenField {
  readonly statements: readonly Code[];
  readonly value: Code;
}

/** `order.coupon`. Where every object has a property of that name, it is looked for on this one only. */
function givenField(
  unit: CodecUnit,
  record: RecordModel,
  field: FieldModel,
  value: Code,
): GivenField {
  if (!field.optional || !Object.hasOwn(Object.prototype, field.name)) {
    return { statements: [], value: code`${value}${member(field.name)}` };
  }
  const name = code`own${ident(placeOf(record, field))}`;
  const own = call(unit.runtime("ownMember"), [value, literal(field.name)]);
  return { statements: [code`const ${name} = ${own};`], value: name };
}

/** `export function readOrder(reader: Reader): Order`. */
export function readFunction(unit: CodecUnit, record: RecordModel): Code {
  const type = recordType(unit, record);
  const name = unit.recordPart("read", record.name);
  return readBlock(unit, record, name, readFields(unit, record, type));
}

/** A decoder of some fields: `export function readOrderForOrders(reader: Reader): Order`. */
export function projectionFunction(unit: CodecUnit, projection: ProjectionModel): Code {
  const record = unit.index.record(projection.record);
  const type = recordType(unit, record);
  const name = ident(projection.name);
  const fields = readSomeFields(unit, record, type, projection.fields);
  return readBlock(unit, record, name, fields);
}

function readBlock(
  unit: CodecUnit,
  record: RecordModel,
  name: Code,
  { statements, result }: ReadFields,
): Code {
  const head = readHead(unit, name, recordType(unit, record));
  const inside = record.recursive
    ? [code`reader.enter();`, ...statements, code`reader.leave();`]
    : statements;
  return block(code`export ${head}`, [...inside, code`return ${result};`]);
}

/** `export function skipOrder(reader: Reader): void`. */
export function skipFunction(unit: CodecUnit, record: RecordModel): Code {
  const statements = record.fields.flatMap(
    (field) => skipStatement(unit, field.type, placeOf(record, field)) ?? [],
  );
  const inside = record.recursive
    ? [code`reader.enter();`, ...statements, code`reader.leave();`]
    : statements;
  return block(code`export ${skipHead(unit, unit.recordPart("skip", record.name))}`, inside);
}

/** `export function orderToJson(order: Order): Json`. */
export function toJsonFunction(unit: CodecUnit, record: RecordModel): Code {
  const value = valueName(record);
  const given = record.fields.map((field) => givenField(unit, record, field, value));
  const entries = record.fields.map((field, index) =>
    toJsonEntry(unit, field, given[index]?.value ?? value, placeOf(record, field)),
  );
  const head = call(code`export function ${unit.recordPart("toJson", record.name)}`, [
    code`${value}: ${recordType(unit, record)}`,
  ]);
  return block(code`${head}: ${unit.runtimeType("Json")}`, [
    ...given.flatMap((each) => each.statements),
    code`return ${tallObject(entries)};`,
  ]);
}

/** `export function orderFromJson(json: JsonValue): Order`. */
export function fromJsonFunction(unit: CodecUnit, record: RecordModel): Code {
  const type = recordType(unit, record);
  const head = call(code`export function ${unit.recordPart("fromJson", record.name)}`, [
    code`json: ${unit.runtimeType("JsonValue")}`,
  ]);
  const names = array(record.fields.map((field) => literal(field.name)));
  const check = code`${call(code`json.record`, [names])};`;
  const entries = tallObject(
    record.fields
      .filter((field) => !field.optional)
      .map((field) => code`${propertyName(field.name)}: ${fieldFromJson(unit, record, field)}`),
  );
  const optional = record.fields.filter((field) => field.optional);
  if (optional.length === 0) {
    return block(code`${head}: ${type}`, [check, code`return ${entries};`]);
  }
  const value = valueName(record);
  return block(code`${head}: ${type}`, [
    check,
    code`const ${value}: ${unit.runtimeType("Draft")}<${type}> = ${entries};`,
    ...optional.map((field) =>
      hang(
        code`if (json.has(${literal(field.name)}))`,
        setStatement(unit, value, field, fieldFromJson(unit, record, field)),
      ),
    ),
    code`return ${value};`,
  ]);
}

function fieldFromJson(unit: CodecUnit, record: RecordModel, field: FieldModel): Code {
  const type = field.optional ? (nullable(field.type)?.type ?? field.type) : field.type;
  const json = call(code`json.field`, [literal(field.name)]);
  return fromJsonExpression(unit, type, json, placeOf(record, field));
}

export function recordType(unit: CodecUnit, record: RecordModel): Code {
  return unit.given({ kind: "record", name: record.name }, "");
}
