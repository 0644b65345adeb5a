import { SyntaxKind } from "ts-morph";
import { badAvroName } from "../diagnostics/names.ts";
import {
  badDefault,
  badFieldName,
  optionalAndNullable,
  sameWireName,
  smellsLikeCount,
} from "../diagnostics/records.ts";
import { optionNotLiteral } from "../diagnostics/topology.ts";
import type { DeclarationModel, FieldModel, TypeModel, TypeName } from "../model/type.ts";
import { defaultBranchFirst, jsonDefault } from "./default.ts";
import { type Literal, readLiteral } from "./literal.ts";
import type { Member } from "./members.ts";
import { avroName, namespaceOf, pascal } from "./named.ts";
import {
  choiceOption,
  noOptions,
  type Options,
  readOptions,
  textOption,
  textsOption,
} from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import { makeUnion } from "./union.ts";
import { partOf, type Where } from "./where.ts";

interface Owner {
  readonly name: TypeName;
  /** The record's name in TypeScript. */
  readonly identity: string;
  readonly declaration: DeclarationModel;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const fieldOptions = ["default", "aliases", "order", "name"];

/** The fields of a record, in order. One that cannot be read is left out, and has been reported. */
export function readFields(
  reading: Reading,
  members: readonly Member[],
  owner: Owner,
): readonly FieldModel[] {
  const fields: FieldModel[] = [];
  for (const member of members) {
    const field = readField(reading, member, owner);
    if (field === undefined) continue;
    const names = [field.wireName, ...field.aliases];
    const twin = fields.find((other) =>
      [other.wireName, ...other.aliases].some((name) => names.includes(name)),
    );
    if (twin !== undefined) {
      reading.report(sameWireName(field.name, twin.name, field.span, twin.span));
    }
    fields.push(field);
  }
  return fields;
}

function readField(reading: Reading, member: Member, owner: Owner): FieldModel | undefined {
  const subject = `field "${member.name}" of ${owner.identity}`;
  const span = reading.place(member.node.getNameNode());
  const { type: inner, options } = unwrap(reading, member.type, subject);
  const branches = reading.readBranches(reading, inner, whereOf(member, owner, subject));
  const wireName = textOption(reading, options, "name") ?? member.name;
  const badAlias = textsOption(reading, options, "aliases").find((alias) => !avroName.test(alias));
  if (badAlias !== undefined) {
    reading.report(
      badAvroName(badAlias, reading.place(options.get("aliases")?.node ?? member.node)),
    );
  }
  if (!avroName.test(wireName)) {
    reading.report(badFieldName(member.name, span));
  }
  if (branches === undefined) {
    reading.named.incomplete.add(owner.name);
    return undefined;
  }
  const given = options.get("default");
  const literal = given && readLiteral(reading, given.type);
  if (given !== undefined && literal === undefined) {
    reading.report(optionNotLiteral("default", "a literal", reading.place(given.node)));
  }
  hint(reading, member, { branches, inner, subject });
  const ordered = inWireOrder(branches, member.optional, literal);
  const order = choiceOption(reading, options, "order", ["ascending", "descending", "ignore"]);
  const field: Mutable<FieldModel> = {
    name: member.name,
    wireName,
    type: oneType(reading, ordered, { span: reading.place(inner.node), subject }),
    optional: member.optional,
    ...(member.doc !== undefined && { doc: member.doc }),
    ...(member.optional && literal === undefined && { default: null }),
    aliases: textsOption(reading, options, "aliases"),
    ...(order !== undefined && { order }),
    span,
  };
  if (literal !== undefined && given !== undefined) {
    const place = reading.place(given.node);
    reading.later.push(() => {
      const value = jsonDefault(reading.named, field.type, literal);
      if (value !== undefined) field.default = value;
      else reading.report(badDefault(given.node.getText(), subject, place));
    });
  }
  return field;
}

/** `Field<T, O>` in its parts, through aliases. */
function unwrap(
  reading: Reading,
  written: Written,
  subject: string,
): { readonly type: Written; readonly options: Options } {
  const type = resolve(reading, written);
  const isField = type.kind === "library" && type.name === "Field";
  const [inner, given] = isField ? type.arguments : [];
  const options = readOptions(reading, given, { allowed: fieldOptions, of: subject }) ?? noOptions;
  return { type: inner ?? written, options };
}

const whereOf = (member: Member, owner: Owner, subject: string): Where => ({
  name: owner.identity + pascal(member.name),
  fixedName: `${owner.identity}_${member.name}`,
  subject,
  namespace: namespaceOf(owner.name),
  declaration: partOf(owner.declaration, { kind: "field", name: member.name }),
  optional: member.optional,
  within: [],
});

/**
 * Avro wants a default to fit the first branch, so the branch of the default leads. Otherwise `null`
 * leads where it is the default or the only other branch; longer unions keep their written order.
 */
function inWireOrder(
  branches: readonly TypeModel[],
  optional: boolean,
  literal: Literal | undefined,
): readonly TypeModel[] {
  const rest = branches.filter((type) => type.kind !== "null");
  const isNullable = optional || rest.length < branches.length;
  const nullFirst: readonly TypeModel[] = [{ kind: "null" }, ...rest];
  const leads = isNullable && (optional || rest.length === 1) ? nullFirst : branches;
  return literal === undefined ? leads : defaultBranchFirst(leads, literal);
}

function oneType(
  reading: Reading,
  types: readonly TypeModel[],
  place: { readonly span: FieldModel["span"]; readonly subject: string },
): TypeModel {
  const [only] = types;
  return only !== undefined && types.length === 1 ? only : makeUnion(reading, types, place);
}

const countingNames = /^(?:count|quantity|qty|id)$|(?:Count|Quantity|Id)$/;

/** Says what is probably not meant. */
function hint(
  reading: Reading,
  member: Member,
  field: {
    readonly branches: readonly TypeModel[];
    readonly inner: Written;
    readonly subject: string;
  },
): void {
  const span = reading.place(field.inner.node);
  const isPlainNumber = field.inner.node.getKind() === SyntaxKind.NumberKeyword;
  if (isPlainNumber && countingNames.test(member.name)) {
    reading.report(smellsLikeCount(field.subject, span));
  }
  if (member.optional && field.branches.some((type) => type.kind === "null")) {
    reading.report(optionalAndNullable(field.subject, span));
  }
}
