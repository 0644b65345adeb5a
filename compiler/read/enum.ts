import { type Node, Node as NodeKind, type TypeAliasDeclaration } from "ts-morph";
import { badSymbol, constEnum, numericEnum } from "../diagnostics/values.ts";
import type { DeclarationModel, TypeModel } from "../model/type.ts";
import { exportOf } from "./declaration.ts";
import { docOf } from "./doc.ts";
import { avroName, claim, fullName } from "./named.ts";
import type { Reading } from "./reading.ts";
import type { Resolved } from "./resolve.ts";
import { inline, type Where } from "./where.ts";

export interface Symbols {
  readonly symbols: readonly { readonly text: string; readonly node: Node }[];
  /** The alias that names the union of literals. */
  readonly alias: TypeAliasDeclaration | undefined;
}

/** `"new" | "paid"`: an enum of the alias's name, or one named after where it stands. */
export function readLiteralEnum(
  reading: Reading,
  { symbols, alias }: Symbols,
  where: Where,
): TypeModel | undefined {
  const texts = [...new Set(symbols.map((symbol) => symbol.text))];
  const bad = symbols.find((symbol) => !avroName.test(symbol.text));
  if (bad !== undefined) {
    reading.report(badSymbol(bad.text, where.subject, reading.place(bad.node)));
    return undefined;
  }
  const [first] = symbols;
  if (first === undefined) return undefined;
  const name = fullName(
    alias === undefined ? where.namespace : reading.options.namespace,
    alias?.getName() ?? where.name,
  );
  const span = reading.place(alias?.getNameNode() ?? first.node);
  const claimed = claim(reading, name, { identity: `enum ${texts.join(" ")}`, span });
  if (claimed === "taken") return undefined;
  const doc = alias && docOf(alias);
  const declaration =
    aliasPlace(reading, alias) ?? (alias === undefined ? where.declaration : inline);
  if (claimed === "new") {
    reading.named.enums.set(name, { name, ...(doc && { doc }), symbols: texts, declaration, span });
  }
  return { kind: "enum", name };
}

function aliasPlace(
  reading: Reading,
  alias: TypeAliasDeclaration | undefined,
): DeclarationModel | undefined {
  if (alias === undefined || alias.getTypeParameters().length > 0) return undefined;
  const place = exportOf(reading, alias);
  return place && { kind: "export", ...place, arguments: [] };
}

/** A TypeScript `enum` whose members are texts. */
export function readEnumDeclaration(
  reading: Reading,
  type: Resolved & { kind: "enum" },
  where: Where,
): TypeModel | undefined {
  const { declaration } = type;
  const members = declaration.getMembers();
  const symbols = members.map((member) => member.getValue());
  const numeric = members.find((_, index) => typeof symbols[index] !== "string");
  if (numeric !== undefined) {
    reading.report(numericEnum(declaration.getName(), where.subject, reading.place(type.place)));
    return undefined;
  }
  const texts = symbols.filter((symbol) => typeof symbol === "string");
  const bad = texts.findIndex((text) => !avroName.test(text));
  const badMember = members[bad];
  if (badMember !== undefined) {
    const node = badMember.getInitializer() ?? badMember;
    reading.report(badSymbol(texts[bad] ?? "", where.subject, reading.place(node)));
    return undefined;
  }
  const place = exportOf(reading, declaration);
  if (place === undefined || declaration.isConstEnum()) {
    reading.report(constEnum(declaration.getName(), where.subject, reading.place(type.place)));
    return undefined;
  }
  const name = fullName(reading.options.namespace, declaration.getName());
  const span = reading.place(declaration.getNameNode());
  const claimed = claim(reading, name, { identity: `${span.file}#${span.start}`, span });
  if (claimed === "taken") return undefined;
  const doc = docOf(declaration);
  reading.named.enums.set(name, {
    name,
    ...(doc && { doc }),
    symbols: texts,
    declaration: { kind: "export", ...place, arguments: [] },
    members: members.map((member) => memberName(member.getNameNode())),
    span,
  });
  return { kind: "enum", name };
}

const memberName = (node: Node): string =>
  NodeKind.isStringLiteral(node) ? node.getLiteralValue() : node.getText();
