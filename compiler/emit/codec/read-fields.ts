import type { FieldModel, RecordModel } from "../../model/type.ts";
import {
  assignment,
  type Code,
  call,
  choice,
  code,
  ident,
  literal,
  member,
  object,
  propertyName,
  tallObject,
  when,
} from "../code.ts";
import { Locals } from "./names.ts";
import { placeOf, valueName } from "./place.ts";
import { presentText, readExpression } from "./read.ts";
import { skipStatement } from "./skip.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/** Statements that read a record, and the expression that then is its value. */
export interface ReadFields {
  readonly statements: readonly Code[];
  readonly result: Code;
}

/**
 * Reads a record's fields in their order. Fields that are absent when null are set on a draft; where
 * others follow them, what comes first is held in constants.
 */
export function readFields(unit: CodecUnit, record: RecordModel, type: Code): ReadFields {
  const locals = new Locals();
  const value = ident(valueName(record, locals));
  const firstOptional = record.fields.findIndex((field) => field.optional);
  if (firstOptional < 0) {
    const literal = tallObject(
      record.fields.map((field) => entry(field, fieldExpression(unit, record, field))),
    );
    return record.recursive
      ? {
          statements: [code`${assignment(code`const ${value}: ${type} =`, literal)};`],
          result: value,
        }
      : { statements: [], result: literal };
  }
  const lastRequired = record.fields.findLastIndex((field) => !field.optional);
  const held = firstOptional < lastRequired ? record.fields.slice(0, lastRequired + 1) : [];
  const constants = held.map((field) => ({ field, name: locals.name(field.name) }));
  const direct = record.fields.slice(held.length);
  const entries = [
    ...constants
      .filter(({ field }) => !field.optional)
      .map(({ field, name }) => shorthand(field, name)),
    ...direct
      .filter((field) => !field.optional)
      .map((field) => entry(field, fieldExpression(unit, record, field))),
  ];
  const draft = code`${unit.runtimeType("Draft")}<${type}>`;
  const literal = held.length === 0 ? tallObject(entries) : object(entries);
  return {
    statements: [
      ...constants.map(({ field, name }) => holdField(unit, record, field, name)),
      code`${assignment(code`const ${value}: ${draft} =`, literal)};`,
      ...constants
        .filter(({ field }) => field.optional)
        .map(({ field, name }) => setHeld(unit, value, field, name)),
      ...direct
        .filter((field) => field.optional)
        .flatMap((field) => setOptional(unit, { record, field, value, locals })),
    ],
    result: value,
  };
}

/** A decoder of some fields, which walks over the others and on to the record's end. */
export function readSomeFields(
  unit: CodecUnit,
  record: RecordModel,
  type: Code,
  names: readonly string[],
): ReadFields {
  const locals = new Locals();
  const value = ident(valueName(record, locals));
  const wanted = new Map(
    record.fields
      .filter((field) => names.includes(field.name))
      .map((field) => [field, locals.name(field.name)]),
  );
  const steps = record.fields.flatMap((field) => {
    const name = wanted.get(field);
    if (name !== undefined) return [holdField(unit, record, field, name)];
    return skipStatement(unit, field.type, placeOf(record, field)) ?? [];
  });
  const required = [...wanted].filter(([field]) => !field.optional);
  const optional = [...wanted].filter(([field]) => field.optional);
  const literal = object(required.map(([field, name]) => shorthand(field, name)));
  const projected = code`${unit.runtime("projected")}<${type}>`;
  if (optional.length === 0) return { statements: steps, result: code`${projected}(${literal})` };
  const draft = code`${unit.runtimeType("Draft")}<Partial<${type}>>`;
  return {
    statements: [
      ...steps,
      code`${assignment(code`const ${value}: ${draft} =`, literal)};`,
      ...optional.map(([field, name]) => setHeld(unit, value, field, name)),
    ],
    result: code`${projected}(${value})`,
  };
}

function fieldExpression(unit: CodecUnit, record: RecordModel, field: FieldModel): Code {
  return readExpression(unit, field.type, placeOf(record, field));
}

const entry = (field: FieldModel, value: Code): Code =>
  assignment(code`${propertyName(field.name)}:`, value);

/** `id`, or `"two words": twoWords` where the constant has another name. */
function shorthand(field: FieldModel, name: string): Code {
  return field.name === name ? ident(name) : entry(field, ident(name));
}

/** `const id = reader.uuid();` */
function holdField(unit: CodecUnit, record: RecordModel, field: FieldModel, local: string): Code {
  const name = ident(local);
  const inner = field.optional ? nullable(field.type) : undefined;
  if (inner === undefined) {
    return code`${assignment(code`const ${name} =`, fieldExpression(unit, record, field))};`;
  }
  const read = readExpression(unit, inner.type, placeOf(record, field));
  const held = choice(presentText(inner.isNullFirst), read, code`undefined`);
  return code`${assignment(code`const ${name} =`, held)};`;
}

/** `if (coupon !== undefined) order.coupon = coupon;` */
function setHeld(unit: CodecUnit, value: Code, field: FieldModel, local: string): Code {
  const name = ident(local);
  const absent = nullable(field.type) === undefined ? code`null` : code`undefined`;
  return when(code`${name} !== ${absent}`, setStatement(unit, value, field, name));
}

/** `order.coupon = coupon;` */
export function setStatement(unit: CodecUnit, value: Code, field: FieldModel, part: Code): Code {
  if (field.name !== "__proto__") {
    return code`${assignment(code`${value}${member(field.name)} =`, part)};`;
  }
  const set = unit.runtime("setOwnMember");
  return code`${call(set, [value, literal(field.name), part])};`;
}

interface OptionalField {
  readonly record: RecordModel;
  readonly field: FieldModel;
  readonly value: Code;
  readonly locals: Locals;
}

/** `if (reader.present()) order.coupon = reader.string();` */
function setOptional(unit: CodecUnit, { record, field, value, locals }: OptionalField): Code[] {
  const inner = nullable(field.type);
  if (inner === undefined) {
    const name = locals.name(field.name);
    return [holdField(unit, record, field, name), setHeld(unit, value, field, name)];
  }
  const read = readExpression(unit, inner.type, placeOf(record, field));
  return [when(code`${presentText(inner.isNullFirst)}`, setStatement(unit, value, field, read))];
}
