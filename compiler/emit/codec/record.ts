import type { FieldModel, RecordModel } from "../../model/type.ts";
import {
  array,
  assignment,
  block,
  type Code,
  call,
  code,
  ident,
  literal,
  member,
  propertyName,
  tallObject,
  when,
} from "../code.ts";
import { fromJsonExpression, fromJsonHead } from "./from-json.ts";
import { type FunctionParts, functionText } from "./function.ts";
import { Locals } from "./names.ts";
import { placeOf, valueName } from "./place.ts";
import type { ProjectionModel } from "./projection.ts";
import { readHead } from "./read.ts";
import { type ReadFields, readFields, readSomeFields, setStatement } from "./read-fields.ts";
import { skipStatement } from "./skip.ts";
import { toJsonEntry, toJsonHead } from "./to-json.ts";
import { type CodecUnit, nullable } from "./unit.ts";
import { writeHead, writeStatement } from "./write.ts";

/** `export function writeOrder(writer: Writer, order: Order): void`. */
export function writeFunction(unit: CodecUnit, record: RecordModel): Code {
  const value = valueName(record);
  const head = writeHead(unit, unit.recordPart("write", record.name), {
    name: value,
    type: recordType(unit, record),
  });
  const statements = record.fields.flatMap((field) => writeField(unit, record, field, value));
  return exported({ ...head, statements: inDepth(record, code`writer`, statements) });
}

function writeField(
  unit: CodecUnit,
  record: RecordModel,
  field: FieldModel,
  value: string,
): readonly Code[] {
  const given = givenField(unit, record, field, value);
  const part = field.optional && isLongUnion(field) ? code`${given.value} ?? null` : given.value;
  const statement = writeStatement(unit, field.type, part, placeOf(record, field));
  return statement === undefined ? [] : [...given.statements, statement];
}

/** `export function readOrder(reader: Reader): Order`. */
export function readFunction(unit: CodecUnit, record: RecordModel): Code {
  const type = recordType(unit, record);
  const name = unit.recordPart("read", record.name);
  return readText(unit, record, name, readFields(unit, record, type));
}

/** A decoder of some fields: `export function readOrderForOrders(reader: Reader): Order`. */
export function projectionFunction(unit: CodecUnit, projection: ProjectionModel): Code {
  const record = unit.index.record(projection.record);
  const type = recordType(unit, record);
  const fields = readSomeFields(unit, record, type, projection.fields);
  return readText(unit, record, ident(projection.name), fields);
}

function readText(
  unit: CodecUnit,
  record: RecordModel,
  name: Code,
  { statements, result }: ReadFields,
): Code {
  return exported({
    ...readHead(unit, name, recordType(unit, record)),
    statements: [...inDepth(record, code`reader`, statements), code`return ${result};`],
  });
}

/** `export function skipOrder(reader: Reader): void`. */
export function skipFunction(unit: CodecUnit, record: RecordModel): Code {
  const statements = record.fields.flatMap(
    (field) => skipStatement(unit, field.type, placeOf(record, field)) ?? [],
  );
  return exported({
    ...readHead(unit, unit.recordPart("skip", record.name), code`void`),
    statements: inDepth(record, code`reader`, statements),
  });
}

/** `export function orderToJson(order: Order): Json`. */
export function toJsonFunction(unit: CodecUnit, record: RecordModel): Code {
  const value = valueName(record);
  const given = record.fields.map((field) => givenField(unit, record, field, value));
  const entries = record.fields.map((field, index) =>
    toJsonEntry(unit, field, given[index]?.value ?? ident(value), placeOf(record, field)),
  );
  return exported({
    ...toJsonHead(unit, unit.recordPart("toJson", record.name), {
      name: value,
      type: recordType(unit, record),
    }),
    statements: [...given.flatMap((each) => each.statements), code`return ${tallObject(entries)};`],
  });
}

/** `export function orderFromJson(json: JsonValue): Order`. */
export function fromJsonFunction(unit: CodecUnit, record: RecordModel): Code {
  const locals = new Locals();
  const value = valueName(record, locals);
  const type = recordType(unit, record);
  const names = array(record.fields.map((field) => literal(field.name)));
  const entries = tallObject(
    record.fields
      .filter((field) => !field.optional)
      .map((field) =>
        assignment(code`${propertyName(field.name)}:`, fieldFromJson(unit, record, field)),
      ),
  );
  const optional = record.fields.filter((field) => field.optional);
  const read =
    optional.length === 0
      ? [code`return ${entries};`]
      : [
          code`${assignment(code`const ${ident(value)}: ${unit.runtimeType("Draft")}<${type}> =`, entries)};`,
          ...optional.map((field) => setFromJson(unit, record, field, locals)),
          code`return ${ident(value)};`,
        ];
  return exported({
    ...fromJsonHead(unit, unit.recordPart("fromJson", record.name), type),
    statements: [code`${call(code`json.record`, [names])};`, ...read],
  });
}

function fieldFromJson(unit: CodecUnit, record: RecordModel, field: FieldModel): Code {
  const type = field.optional ? (nullable(field.type)?.type ?? field.type) : field.type;
  const json = call(code`json.field`, [literal(field.name)]);
  return fromJsonExpression(unit, type, json, placeOf(record, field));
}

/** `if (json.has("coupon")) order.coupon = textFromJson(json.field("coupon"));` */
function setFromJson(
  unit: CodecUnit,
  record: RecordModel,
  field: FieldModel,
  locals: Locals,
): Code {
  const value = ident(valueName(record));
  const test = code`json.has(${literal(field.name)})`;
  const part = fieldFromJson(unit, record, field);
  if (!isLongUnion(field)) return when(test, setStatement(unit, value, field, part));
  const name = ident(locals.name(field.name));
  return block(code`if (${test})`, [
    code`${assignment(code`const ${name} =`, part)};`,
    when(code`${name} !== null`, setStatement(unit, value, field, name)),
  ]);
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
  value: string,
): GivenField {
  const isInherited = Object.hasOwn(Object.prototype, field.name);
  if (field.name !== "__proto__" && !(field.optional && isInherited)) {
    return { statements: [], value: code`${ident(value)}${member(field.name)}` };
  }
  const name = ident(`own${placeOf(record, field)}`);
  const own = call(unit.runtime("ownMember"), [ident(value), literal(field.name)]);
  return { statements: [code`${assignment(code`const ${name} =`, own)};`], value: name };
}

/** Whether it is a union of more than null and one type. */
function isLongUnion(field: FieldModel): boolean {
  return field.type.kind === "union" && nullable(field.type) === undefined;
}

/** The statements, counting how deep records hold themselves. */
function inDepth(record: RecordModel, counter: Code, statements: readonly Code[]): readonly Code[] {
  if (!record.recursive) return statements;
  return [code`${counter}.enter();`, ...statements, code`${counter}.leave();`];
}

const exported = (parts: FunctionParts): Code => code`export ${functionText(parts)}`;

export function recordType(unit: CodecUnit, record: RecordModel): Code {
  return unit.given({ kind: "record", name: record.name }, "");
}
