import type { InterfaceDeclaration, Node, TypeAliasDeclaration } from "ts-morph";
import { badAvroName } from "../diagnostics/names.ts";
import { endlessRecord, unexportedRecord } from "../diagnostics/records.ts";
import { classInRecord, openType } from "../diagnostics/values.ts";
import type { DeclarationModel, RecordModel, TypeModel } from "../model/type.ts";
import { exportOf, isForeign } from "./declaration.ts";
import { docOf } from "./doc.ts";
import { readFields } from "./field.ts";
import { readMembers } from "./members.ts";
import { claim, fullName, isFullName, pascal, simpleName } from "./named.ts";
import { noOptions, type Options, readOptions, textOption, textsOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { bind, type Resolved, type Written } from "./resolve.ts";
import type { Where } from "./where.ts";

/** Who a record is, before its fields are read. */
interface Identity {
  /** `Order`, `PageOfCard`, `OrderAddress`. */
  readonly name: string;
  readonly declaration: DeclarationModel;
  readonly doc: string | undefined;
  /** Where it is declared. */
  readonly node: Node;
  readonly isAnonymous: boolean;
}

/** A name with more letters than this comes from a generic that grows with each use of itself. */
const nameLengthMax = 200;

/** Reads a record once, and gives a reference to it. */
export function readRecord(reading: Reading, type: Resolved, where: Where): TypeModel | undefined {
  if (type.kind === "class") {
    const span = reading.place(type.place);
    reading.report(classInRecord(type.declaration.getName(), where.subject, span));
    return undefined;
  }
  const identity = identify(reading, type, where);
  if (identity === undefined) return undefined;
  if (identity.name.length > nameLengthMax) {
    reading.report(endlessRecord(where.subject, reading.place(type.place)));
    return undefined;
  }
  const members = readMembers(reading, type, identity.name);
  if (members === undefined) {
    reading.report(openType(type.node.getText(), where.subject, reading.place(type.place)));
    return undefined;
  }
  const expected = { allowed: ["name", "namespace", "aliases"], of: identity.name };
  const options = readOptions(reading, members.schema, expected) ?? noOptions;
  const name = nameOf(reading, identity, options, where);
  if (name === undefined) return undefined;
  const span = reading.place(identity.node);
  const key = `${span.file}#${span.start} ${identity.name}`;
  const claimed = claim(reading, name, { identity: key, span });
  if (claimed === "taken") return undefined;
  if (claimed === "same") return { kind: "record", name };
  const record = { name, identity: identity.name, declaration: identity.declaration };
  const model: RecordModel = {
    name,
    typescriptName: identity.name,
    declaration: identity.declaration,
    ...(identity.doc !== undefined && { doc: identity.doc }),
    aliases: textsOption(reading, options, "aliases"),
    fields: readFields(reading, members.list, record),
    recursive: false,
    span,
  };
  reading.named.records.set(name, model);
  return { kind: "record", name };
}

/** The full name by the record's own options; `undefined` where one of them is no Avro name. */
function nameOf(
  reading: Reading,
  identity: Identity,
  options: Options,
  where: Where,
): string | undefined {
  const own = textOption(reading, options, "name");
  const namespace = textOption(reading, options, "namespace");
  const given: readonly (readonly [option: string, text: string | undefined])[] = [
    ["name", own],
    ["namespace", namespace],
    ...textsOption(reading, options, "aliases").map((alias) => ["aliases", alias] as const),
  ];
  const bad = given.find(([, text]) => text !== undefined && !isFullName(text));
  const node = bad && options.get(bad[0])?.node;
  if (node !== undefined) {
    reading.report(badAvroName(bad?.[1] ?? "", reading.place(node)));
    return undefined;
  }
  // A name with dots is a full name, by Avro's own rule.
  if (own?.includes(".")) return own;
  const around = identity.isAnonymous ? where.namespace : reading.options.namespace;
  return fullName(namespace ?? around, own ?? identity.name);
}

function identify(reading: Reading, type: Resolved, where: Where): Identity | undefined {
  const alias = type.aliases.at(-1);
  if (type.kind === "interface") {
    return identifyDeclared(reading, type.declaration, type.arguments, where);
  }
  if (type.kind !== "class" && alias !== undefined) {
    return identifyDeclared(reading, alias.declaration, alias.arguments, where);
  }
  return {
    name: where.name,
    declaration: where.declaration,
    doc: undefined,
    node: type.node,
    isAnonymous: true,
  };
}

function identifyDeclared(
  reading: Reading,
  declaration: InterfaceDeclaration | TypeAliasDeclaration,
  given: readonly Written[],
  where: Where,
): Identity | undefined {
  const name = declaration.getName();
  const node = declaration.getNameNode();
  const place = exportOf(reading, declaration);
  if (place === undefined) {
    const record = { name, subject: where.subject, isForeign: isForeign(reading, declaration) };
    reading.report(unexportedRecord(record, reading.place(node)));
    return undefined;
  }
  const bound = bind(declaration, given);
  const types: TypeModel[] = [];
  for (const parameter of declaration.getTypeParameters()) {
    const written = bound.get(parameter);
    const inner = {
      ...where,
      name: where.name + pascal(parameter.getName()),
      optional: false,
      within: [],
    };
    const type = written && reading.readType(reading, written, inner);
    if (type === undefined) return undefined;
    types.push(type);
  }
  return {
    name: types.length === 0 ? name : `${name}Of${types.map(labelOf).join("And")}`,
    declaration: { kind: "export", ...place, arguments: types },
    doc: docOf(declaration),
    node,
    isAnonymous: false,
  };
}

/** What a type is called in the name of a generic record's instance. */
function labelOf(type: TypeModel): string {
  switch (type.kind) {
    case "record":
    case "enum":
    case "fixed":
      return simpleName(type.name);
    case "array":
      return `${labelOf(type.items)}Array`;
    case "map":
      return `${labelOf(type.values)}Map`;
    case "union":
      return type.branches.map((branch) => labelOf(branch.type)).join("Or");
    case "decimal":
      return `Decimal${type.precision}By${type.scale}`;
    default:
      return pascal(type.kind);
  }
}
