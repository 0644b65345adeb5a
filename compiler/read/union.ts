import { Node, SyntaxKind } from "ts-morph";
import { literalType, namelessBranches, undefinedType } from "../diagnostics/values.ts";
import type { Span } from "../model/span.ts";
import type { BranchModel, TypeModel, UnionModel } from "../model/type.ts";
import { decideTests, undecided } from "./branch-test.ts";
import { readLiteralEnum, type Symbols } from "./enum.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import { amongOthers, type Where } from "./where.ts";

/** A member of a union, after aliases of unions have been flattened into it. */
type Item =
  | { readonly kind: "null"; readonly place: Node }
  | { readonly kind: "undefined"; readonly place: Node }
  | { readonly kind: "boolean"; readonly value: boolean; readonly place: Node }
  | { readonly kind: "other"; readonly written: Written; readonly type: Resolved }
  | { readonly kind: "symbols"; readonly symbols: Symbols };

/** The branches of a union in written order, `null` among them where it stands. */
export function readUnionBranches(
  reading: Reading,
  union: Resolved,
  where: Where,
): readonly TypeModel[] | undefined {
  const items = flatten(reading, union);
  if (!isSound(reading, items, where)) return undefined;
  const kinds = new Set(items.map((item) => item.kind));
  const others = items.filter((item) => item.kind === "other").length;
  const isOneValue = others + Number(kinds.has("symbols")) + Number(kinds.has("boolean")) <= 1;
  const inner = isOneValue ? { ...where, optional: false } : amongOthers(where);
  const types: TypeModel[] = [];
  for (const item of onePerKind(items)) {
    const type =
      item.kind === "symbols"
        ? readLiteralEnum(reading, mergeSymbols(items, isOneValue ? union : undefined), inner)
        : readItem(reading, item, inner);
    if (type === undefined) return undefined;
    if (!types.some((known) => JSON.stringify(known) === JSON.stringify(type))) types.push(type);
  }
  return types;
}

function readItem(
  reading: Reading,
  item: Exclude<Item, { kind: "symbols" }>,
  where: Where,
): TypeModel | undefined {
  if (item.kind === "other") return reading.readType(reading, item.written, where);
  return { kind: item.kind === "null" ? "null" : "boolean" };
}

/** Literals are one branch together, at the place of the first of them. */
function onePerKind(items: readonly Item[]): readonly Item[] {
  return items.filter(
    (item, index) =>
      item.kind !== "undefined" &&
      (item.kind === "other" || items.findIndex((first) => first.kind === item.kind) === index),
  );
}

/** One enum of all the texts; a single alias among them, or the alias of the union, names it. */
function mergeSymbols(items: readonly Item[], union: Resolved | undefined): Symbols {
  const all = items.flatMap((item) => (item.kind === "symbols" ? [item.symbols] : []));
  const [only] = all;
  if (only?.alias !== undefined && all.length === 1) return only;
  return {
    symbols: all.flatMap(({ symbols }) => symbols),
    alias: union?.aliases.at(-1)?.declaration,
  };
}

/** A union that contains itself, which TypeScript refuses, is entered once. */
function flatten(reading: Reading, union: Resolved, within: readonly Node[] = []): readonly Item[] {
  if (!Node.isUnionTypeNode(union.node) || within.includes(union.node)) return [];
  return union.node.getTypeNodes().flatMap((node) => {
    const written = { node, bound: union.bound };
    const type = resolve(reading, written);
    if (type.kind !== "syntax") return [{ kind: "other", written, type }];
    if (!Node.isUnionTypeNode(type.node)) return [itemOf(written, type)];
    const inner = flatten(reading, type, [...within, union.node]);
    const symbols = inner.flatMap((item) => (item.kind === "symbols" ? item.symbols.symbols : []));
    const alias = type.aliases.at(-1)?.declaration;
    return inner.every((item) => item.kind === "symbols")
      ? [{ kind: "symbols", symbols: { symbols, alias } }]
      : inner;
  });
}

function itemOf(written: Written, type: Resolved): Item {
  const place = type.place;
  if (type.node.getKind() === SyntaxKind.UndefinedKeyword) return { kind: "undefined", place };
  const literal = Node.isLiteralTypeNode(type.node) ? type.node.getLiteral() : undefined;
  if (Node.isNullLiteral(literal)) return { kind: "null", place };
  if (Node.isTrueLiteral(literal)) return { kind: "boolean", value: true, place };
  if (Node.isFalseLiteral(literal)) return { kind: "boolean", value: false, place };
  if (!Node.isStringLiteral(literal)) return { kind: "other", written, type };
  const symbols = [{ text: literal.getLiteralValue(), node: literal }];
  return { kind: "symbols", symbols: { symbols, alias: type.aliases.at(-1)?.declaration } };
}

function isSound(reading: Reading, items: readonly Item[], where: Where): boolean {
  const missing = items.find((item) => item.kind === "undefined");
  if (missing?.kind === "undefined" && !where.optional) {
    reading.report(undefinedType("undefined", where.subject, reading.place(missing.place)));
    return false;
  }
  const booleans = items.flatMap((item) => (item.kind === "boolean" ? [item] : []));
  const [first] = booleans;
  if (first !== undefined && new Set(booleans.map((item) => item.value)).size === 1) {
    reading.report(literalType(first.place.getText(), where.subject, reading.place(first.place)));
    return false;
  }
  const [, second] = items.filter(
    (item) =>
      item.kind === "other" && Node.isTypeLiteral(item.type.node) && item.type.aliases.length === 0,
  );
  if (second?.kind !== "other") return true;
  reading.report(namelessBranches(where.subject, reading.place(second.type.node)));
  return false;
}

/** Its tests are decided when all records are known. */
export function makeUnion(
  reading: Reading,
  types: readonly TypeModel[],
  place: { readonly span: Span; readonly subject: string },
): UnionModel {
  const branches: BranchModel[] = types.map((type) => ({ type, test: undecided }));
  reading.later.push(() => decideTests(reading, branches, place));
  return { kind: "union", branches };
}
