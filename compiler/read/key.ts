import type { Node } from "ts-morph";
import { badElement } from "../diagnostics/tables.ts";
import { badKey, keyBesideKeyBy, noSuchField } from "../diagnostics/topology.ts";
import type { KeyModel } from "../model/topology.ts";
import type { FieldModel, RecordModel, TypeModel } from "../model/type.ts";
import { isFunctionName, keyTypeOf, readFunction } from "./function.ts";
import type { Option, Options } from "./options.ts";
import { textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { checkSteady } from "./steady.ts";
import { inline, type Where } from "./where.ts";

export type KeyByModel = Extract<KeyModel, { kind: "field" | "function" }>;

interface Owner {
  /** For messages: `topic "orders"`. */
  readonly subject: string;
  /** The alias: anonymous keys are named after it. */
  readonly alias: string;
}

/** Where a topic's keys come from: `key`, `keyBy`, or neither. `undefined` after a report. */
export function readTopicKey(
  reading: Reading,
  options: Options,
  value: TypeModel,
  owner: Owner,
): KeyModel | undefined {
  const key = options.get("key");
  const keyBy = options.get("keyBy");
  if (keyBy !== undefined) {
    if (key !== undefined) reading.report(keyBesideKeyBy(owner.subject, reading.place(key.node)));
    return readKeyBy(reading, { option: keyBy, options }, value, owner);
  }
  if (key === undefined) return { kind: "none" };
  const type = readKeyType(reading, key, owner);
  return type && { kind: "given", type };
}

/** `keyBy` or `groupBy`: a field, or a function. */
export function readKeyBy(
  reading: Reading,
  by: { readonly option: Option; readonly options: Options },
  value: TypeModel,
  owner: Owner,
): KeyByModel | undefined {
  const { option } = by;
  const span = reading.place(option.node);
  if (isFunctionName(reading, option.type)) {
    const fn = readFunction(reading, option.type);
    const written = fn && keyTypeOf(reading, fn);
    const type = written && reading.readType(reading, written, whereOfKey(owner));
    if (fn === undefined || type === undefined) return undefined;
    if (!checkKey(reading, type, { text: fn.model.name, node: option.node, owner }))
      return undefined;
    checkSteady(reading, fn, option.node);
    reading.keyFunctions.set(`${fn.model.module}#${fn.model.name}`, fn.node);
    return { kind: "function", function: fn.model, type };
  }
  const name = textOption(reading, by.options, option.name);
  if (name === undefined) return undefined;
  const field = findField(reading, value, name, { owner, option, span });
  if (field === undefined) return undefined;
  if (!checkKey(reading, field.type, { text: name, node: option.node, owner })) return undefined;
  return { kind: "field", field: name, type: field.type };
}

/**
 * A field of a record, or one that every record of a union has with the same type; reports where there
 * is none.
 */
export function findField(
  reading: Reading,
  value: TypeModel,
  name: string,
  from: { readonly owner: Owner; readonly option: Option; readonly span: Diagnosed },
): FieldModel | undefined {
  const records = recordsIn(reading, value);
  const fields = records.map((record) => record.fields.find((field) => field.name === name));
  const [first] = fields;
  const isSame = fields.every((field) => sameType(field, first));
  if (first !== undefined && isSame) return first;
  if (records.some((record) => reading.named.incomplete.has(record.name))) return undefined;
  const lacking = records.find((_, index) => !sameType(fields[index], first)) ?? records[0];
  const holder = lacking && {
    name: lacking.typescriptName,
    fields: lacking.fields.map((field) => field.name),
    span: lacking.span,
  };
  const mention = { subject: from.owner.subject, option: from.option.name, field: name };
  reading.report(noSuchField(mention, holder, from.span));
  return undefined;
}

const sameType = (a: FieldModel | undefined, b: FieldModel | undefined): boolean =>
  JSON.stringify(a?.type) === JSON.stringify(b?.type);

/** The records that a value may be; none where it may be anything else. */
function recordsIn(reading: Reading, value: TypeModel): readonly RecordModel[] {
  const types = value.kind === "union" ? value.branches.map((branch) => branch.type) : [value];
  const records = types.map((type) =>
    type.kind === "record" ? reading.named.records.get(type.name) : undefined,
  );
  return records.every((record) => record !== undefined) ? records : [];
}

type Diagnosed = ReturnType<Reading["place"]>;

/** The type given as `key`. */
export function readKeyType(reading: Reading, option: Option, owner: Owner): TypeModel | undefined {
  const type = reading.readType(reading, option.type, whereOfKey(owner));
  if (type === undefined) return undefined;
  const text = option.node.getText();
  return checkKey(reading, type, { text, node: option.node, owner }) ? type : undefined;
}

/** The type given as `element` of a table of sets: elements are parts of keys. */
export function readElementType(
  reading: Reading,
  option: Option,
  owner: Owner,
): TypeModel | undefined {
  const names = { name: `${owner.alias}Element`, fixedName: `${owner.alias}_element` };
  const where = { ...whereOfKey(owner), ...names, subject: `an element of ${owner.subject}` };
  const type = reading.readType(reading, option.type, where);
  if (type === undefined || isKey(reading, type)) return type;
  reading.report(badElement(option.node.getText(), owner.subject, reading.place(option.node)));
  return undefined;
}

const whereOfKey = (owner: Owner): Where => ({
  name: `${owner.alias}Key`,
  fixedName: `${owner.alias}_key`,
  subject: `the key of ${owner.subject}`,
  namespace: undefined,
  declaration: inline,
  optional: false,
  within: [],
});

function checkKey(
  reading: Reading,
  type: TypeModel,
  key: { readonly text: string; readonly node: Node; readonly owner: Owner },
): boolean {
  const isGood = isKey(reading, type);
  if (!isGood) reading.report(badKey(key.text, key.owner.subject, reading.place(key.node)));
  return isGood;
}

/** A scalar that is never null, or a record of such scalars. */
function isKey(reading: Reading, type: TypeModel): boolean {
  if (type.kind !== "record") return isKeyScalar(type);
  const fields = reading.named.records.get(type.name)?.fields ?? [];
  return fields.every((field) => isKeyScalar(field.type));
}

/** A type whose bytes can be compared. */
export function isKeyScalar(type: TypeModel): boolean {
  switch (type.kind) {
    case "null":
    case "union":
    case "array":
    case "map":
    case "record":
    case "duration":
    // "1.0" and "1.00" are one number and two texts.
    case "decimal":
      return false;
    default:
      return true;
  }
}
