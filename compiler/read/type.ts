import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fieldInside } from "../diagnostics/records.ts";
import {
  anyType,
  circularType,
  collectionType,
  foreignType,
  functionInRecord,
  literalType,
  mapKey,
  openType,
  shapelessType,
  tupleType,
  undefinedType,
  wiringInRecord,
} from "../diagnostics/values.ts";
import type { Span } from "../model/span.ts";
import type { ScalarKind, TypeModel } from "../model/type.ts";
import { readEnumDeclaration, readLiteralEnum } from "./enum.ts";
import { readPropertyType } from "./indexed.ts";
import { recordTransforms } from "./members.ts";
import { readDecimal, readFixed } from "./parameterized.ts";
import type { Reading } from "./reading.ts";
import { readRecord } from "./record.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import { scalarByName } from "./scalar.ts";
import { makeUnion, readUnionBranches } from "./union.ts";
import { into, type Where } from "./where.ts";

export function readType(reading: Reading, written: Written, where: Where): TypeModel | undefined {
  const branches = readBranches(reading, written, where);
  if (branches === undefined) return undefined;
  const [only] = branches;
  if (branches.length === 1) return only;
  return makeUnion(reading, branches, {
    span: reading.place(written.node),
    subject: where.subject,
  });
}

export function readBranches(
  reading: Reading,
  written: Written,
  where: Where,
): readonly TypeModel[] | undefined {
  const type = resolve(reading, written);
  if (isCircular(type, where)) {
    reading.report(circularType(where.subject, reading.place(written.node)));
    return undefined;
  }
  const inside = { ...where, within: [...where.within, type.node] };
  if (type.kind === "syntax" && Node.isUnionTypeNode(type.node)) {
    return readUnionBranches(reading, type, inside);
  }
  const single = readSingle(reading, type, inside);
  return single && [single];
}

/** With parameters the same type may stand inside itself: `Maybe<Maybe<Order>[]>`. */
const isCircular = ({ node, bound }: Resolved, { within }: Where): boolean =>
  (bound.size === 0 && within.includes(node)) || within.length > nestingMax;

/** Deeper than anybody writes by hand; a generic that grows gets there. */
const nestingMax = 16;

function readSingle(reading: Reading, type: Resolved, where: Where): TypeModel | undefined {
  switch (type.kind) {
    case "unresolved":
      return undefined;
    case "open":
      reading.report(openType(type.place.getText(), where.subject, reading.place(type.place)));
      return undefined;
    case "library":
      return readFromLanguage(reading, type, where);
    case "global":
      return readFromStandard(reading, type, where);
    case "enum":
      return readEnumDeclaration(reading, type, where);
    case "interface":
    case "class":
      return readRecord(reading, type, where);
    case "syntax":
      return readSyntax(reading, type, where);
  }
}

function readFromLanguage(
  reading: Reading,
  type: Resolved & { kind: "library" },
  where: Where,
): TypeModel | undefined {
  const scalar = scalarByName.get(type.name);
  if (scalar !== undefined) return { kind: scalar };
  const [inner] = type.arguments;
  switch (type.name) {
    case "Decimal":
      return readDecimal(reading, type, where);
    case "Fixed":
      return readFixed(reading, type, where);
    case "Field":
      reading.report(fieldInside(where.subject, reading.place(type.place)));
      return inner && reading.readType(reading, inner, where);
  }
  reading.report(wiringInRecord(type.name, where.subject, reading.place(type.place)));
  return undefined;
}

function readFromStandard(
  reading: Reading,
  type: Resolved & { kind: "global" },
  where: Where,
): TypeModel | undefined {
  const [first, second] = type.arguments;
  if (recordTransforms.has(type.name)) return readRecord(reading, type, where);
  switch (type.name) {
    case "Date":
      return { kind: "timestamp-date" };
    case "Uint8Array":
      return { kind: "bytes" };
    case "Array":
    case "ReadonlyArray":
      return first && readArray(reading, first, where);
    case "Record":
      return first && second && readMap(reading, { key: first, values: second }, where);
    case "Set":
    case "ReadonlySet":
    case "Map":
    case "ReadonlyMap":
      reading.report(collectionType(type.name, where.subject, reading.place(type.place)));
      return undefined;
  }
  reading.report(foreignType(type.name, where.subject, reading.place(type.place)));
  return undefined;
}

function readArray(reading: Reading, items: Written, where: Where): TypeModel | undefined {
  const type = reading.readType(reading, items, into(where, { kind: "items" }));
  return type && { kind: "array", items: type };
}

function readMap(
  reading: Reading,
  map: { readonly key: Written; readonly values: Written },
  where: Where,
): TypeModel | undefined {
  const key = resolve(reading, map.key);
  const isText =
    key.node.getKind() === SyntaxKind.StringKeyword ||
    (key.kind === "library" && key.name === "Uuid");
  if (key.kind !== "unresolved" && !isText) {
    reading.report(mapKey(map.key.node.getText(), where.subject, reading.place(map.key.node)));
  }
  if (!isText) return undefined;
  const values = reading.readType(reading, map.values, into(where, { kind: "values" }));
  return values && { kind: "map", values };
}

const keywords: ReadonlyMap<SyntaxKind, ScalarKind> = new Map([
  [SyntaxKind.StringKeyword, "string"],
  [SyntaxKind.NumberKeyword, "double"],
  [SyntaxKind.BooleanKeyword, "boolean"],
  [SyntaxKind.BigIntKeyword, "long"],
]);

function readSyntax(reading: Reading, type: Resolved, where: Where): TypeModel | undefined {
  const { node, bound } = type;
  const keyword = keywords.get(node.getKind());
  if (keyword !== undefined) return { kind: keyword };
  if (Node.isArrayTypeNode(node)) {
    return readArray(reading, { node: node.getElementTypeNode(), bound }, where);
  }
  if (Node.isTypeOperatorTypeNode(node) && node.getOperator() === SyntaxKind.ReadonlyKeyword) {
    return reading.readType(reading, { node: node.getTypeNode(), bound }, where);
  }
  if (Node.isLiteralTypeNode(node)) return readLiteralType(reading, type, where);
  if (Node.isTypeLiteral(node)) {
    const [index] = node.getIndexSignatures();
    if (index === undefined || node.getMembers().length > 1)
      return readRecord(reading, type, where);
    const key = index.getKeyTypeNode();
    const values = index.getReturnTypeNode();
    if (key === undefined || values === undefined) return undefined;
    return readMap(reading, { key: { node: key, bound }, values: { node: values, bound } }, where);
  }
  if (Node.isIntersectionTypeNode(node)) return readRecord(reading, type, where);
  if (Node.isIndexedAccessTypeNode(node)) return readPropertyType(reading, type, node, where);
  reading.report(noValue(node, where, reading.place(node)));
  return undefined;
}

function readLiteralType(reading: Reading, type: Resolved, where: Where): TypeModel | undefined {
  const literal = Node.isLiteralTypeNode(type.node) ? type.node.getLiteral() : undefined;
  if (Node.isNullLiteral(literal)) return { kind: "null" };
  if (Node.isStringLiteral(literal)) {
    const symbols = [{ text: literal.getLiteralValue(), node: literal }];
    return readLiteralEnum(reading, { symbols, alias: type.aliases.at(-1)?.declaration }, where);
  }
  reading.report(literalType(type.node.getText(), where.subject, reading.place(type.place)));
  return undefined;
}

/** Says what is wrong with a type that is no value's. */
function noValue(node: TypeNode, where: Where, span: Span): Diagnostic {
  const text = node.getText();
  switch (node.getKind()) {
    case SyntaxKind.AnyKeyword:
      return anyType(where.subject, span);
    case SyntaxKind.UnknownKeyword:
    case SyntaxKind.ObjectKeyword:
      return shapelessType(text, where.subject, span);
    case SyntaxKind.UndefinedKeyword:
    case SyntaxKind.VoidKeyword:
      return undefinedType(text, where.subject, span);
    case SyntaxKind.TupleType:
      return tupleType(text, where.subject, span);
    case SyntaxKind.FunctionType:
    case SyntaxKind.ConstructorType:
    case SyntaxKind.SymbolKeyword:
    case SyntaxKind.NeverKeyword:
      return functionInRecord(text, where.subject, span);
    default:
      return openType(text, where.subject, span);
  }
}
