import { Node } from "ts-morph";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";

/** A value written as a type: `1`, `"EUR"`, `["a", "b"]`, `{ a: 1 }`. */
export type Literal =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "bigint"; readonly value: bigint }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Literal> };

/** `undefined` where the type is not one value. */
export function readLiteral(
  reading: Reading,
  written: Written,
  within: readonly Node[] = [],
): Literal | undefined {
  const { node, bound, kind } = resolve(reading, written);
  if (kind !== "syntax" || within.includes(node)) return undefined;
  const inside = [...within, node];
  if (Node.isLiteralTypeNode(node)) return scalarIn(node.getLiteral());
  if (Node.isTypeOperatorTypeNode(node)) {
    return readLiteral(reading, { node: node.getTypeNode(), bound }, inside);
  }
  if (Node.isTupleTypeNode(node)) {
    const items = node.getElements().map((item) => {
      const inner = Node.isNamedTupleMember(item) ? item.getTypeNode() : item;
      return readLiteral(reading, { node: inner, bound }, inside);
    });
    return items.every((item) => item !== undefined) ? { kind: "list", items } : undefined;
  }
  if (!Node.isTypeLiteral(node)) return undefined;
  const entries = new Map<string, Literal>();
  for (const property of node.getProperties()) {
    const inner = property.getTypeNode();
    const value = inner && readLiteral(reading, { node: inner, bound }, inside);
    if (value === undefined) return undefined;
    entries.set(propertyName(property.getNameNode()) ?? property.getName(), value);
  }
  return { kind: "object", entries };
}

function scalarIn(node: Node): Literal | undefined {
  if (Node.isNullLiteral(node)) return { kind: "null" };
  if (Node.isTrueLiteral(node)) return { kind: "boolean", value: true };
  if (Node.isFalseLiteral(node)) return { kind: "boolean", value: false };
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
    return { kind: "text", value: node.getLiteralValue() };
  }
  if (Node.isNumericLiteral(node)) return { kind: "number", value: node.getLiteralValue() };
  if (Node.isBigIntLiteral(node)) return { kind: "bigint", value: bigintOf(node.getText()) };
  if (!Node.isPrefixUnaryExpression(node)) return undefined;
  const operand = scalarIn(node.getOperand());
  if (operand?.kind === "number") return { kind: "number", value: -operand.value };
  return operand?.kind === "bigint" ? { kind: "bigint", value: -operand.value } : undefined;
}

const bigintOf = (text: string): bigint => BigInt(text.replace(/n$/, "").replaceAll("_", ""));

/** The name a property has at run time; `undefined` for a computed one. */
export function propertyName(node: Node): string | undefined {
  if (Node.isIdentifier(node)) return node.getText();
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
    return node.getLiteralValue();
  }
  return Node.isNumericLiteral(node) ? String(node.getLiteralValue()) : undefined;
}
