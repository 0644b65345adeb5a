import { type IndexedAccessTypeNode, Node, SyntaxKind } from "ts-morph";
import { openType, undefinedType } from "../diagnostics/values.ts";
import type { TypeModel } from "../model/type.ts";
import { readLiteral } from "./literal.ts";
import { readMembers } from "./members.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import type { Where } from "./where.ts";

/** `Order["address"]` and `Order["lines"][number]`: the type that is written there. */
export function readPropertyType(
  reading: Reading,
  type: Resolved,
  node: IndexedAccessTypeNode,
  where: Where,
): TypeModel | undefined {
  const property = findProperty(reading, node, type.bound);
  const span = reading.place(node);
  if (property === undefined) {
    reading.report(openType(node.getText(), where.subject, span));
    return undefined;
  }
  if (property.optional && !where.optional) {
    reading.report(undefinedType(node.getText(), where.subject, span));
    return undefined;
  }
  // The options of the field stay with the field.
  const target = resolve(reading, property.type);
  const isField = target.kind === "library" && target.name === "Field";
  const inner = isField ? target.arguments[0] : undefined;
  return reading.readType(reading, inner ?? property.type, where);
}

function findProperty(
  reading: Reading,
  node: IndexedAccessTypeNode,
  bound: Written["bound"],
  within: readonly Node[] = [],
): { readonly type: Written; readonly optional: boolean } | undefined {
  const object = resolve(reading, { node: node.getObjectTypeNode(), bound });
  const index: Written = { node: node.getIndexTypeNode(), bound };
  if (index.node.getKind() === SyntaxKind.NumberKeyword) {
    const items = within.includes(node) ? undefined : itemsOf(reading, object, [...within, node]);
    return items && { type: items, optional: false };
  }
  const key = readLiteral(reading, index);
  const members =
    key?.kind === "text" ? readMembers(reading, object, object.place.getText()) : undefined;
  return members?.list.find((member) => key?.kind === "text" && member.name === key.value);
}

function itemsOf(reading: Reading, type: Resolved, within: readonly Node[]): Written | undefined {
  if (Node.isIndexedAccessTypeNode(type.node)) {
    const property = findProperty(reading, type.node, type.bound, within);
    return property && itemsOf(reading, resolve(reading, property.type), within);
  }
  if (Node.isArrayTypeNode(type.node)) {
    return { node: type.node.getElementTypeNode(), bound: type.bound };
  }
  const isArray = type.kind === "global" && /^(Readonly)?Array$/.test(type.name);
  return isArray ? type.arguments[0] : undefined;
}
