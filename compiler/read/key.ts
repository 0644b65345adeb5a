import type { Node } from "ts-morph";
import { badKey, keyBesideKeyBy, noSuchField } from "../diagnostics/topology.ts";
import type { KeyModel } from "../model/topology.ts";
import type { FieldModel, TypeModel } from "../model/type.ts";
import { isFunctionName, keyTypeOf, readFunction } from "./function.ts";
import type { Option, Options } from "./options.ts";
import { textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
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

/** A field of a record; reports where the record has none of that name. */
export function findField(
  reading: Reading,
  value: TypeModel,
  name: string,
  from: { readonly owner: Owner; readonly option: Option; readonly span: Diagnosed },
): FieldModel | undefined {
  const record = value.kind === "record" ? reading.named.records.get(value.name) : undefined;
  const field = record?.fields.find((one) => one.name === name);
  if (field !== undefined) return field;
  if (record !== undefined && reading.named.incomplete.has(record.name)) return undefined;
  const fields = record?.fields.map((one) => one.name) ?? [];
  const holder = record && { name: record.typescriptName, fields, span: record.span };
  const mention = { subject: from.owner.subject, option: from.option.name, field: name };
  reading.report(noSuchField(mention, holder, from.span));
  return undefined;
}

type Diagnosed = ReturnType<Reading["place"]>;

/** The type given as `key`. */
export function readKeyType(reading: Reading, option: Option, owner: Owner): TypeModel | undefined {
  const type = reading.readType(reading, option.type, whereOfKey(owner));
  if (type === undefined) return undefined;
  const text = option.node.getText();
  return checkKey(reading, type, { text, node: option.node, owner }) ? type : undefined;
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

function isKeyScalar(type: TypeModel): boolean {
  switch (type.kind) {
    case "null":
    case "union":
    case "array":
    case "map":
    case "record":
    case "duration":
      return false;
    default:
      return true;
  }
}
