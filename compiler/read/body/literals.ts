import { Node, type ObjectLiteralExpression, SyntaxKind, type Type } from "ts-morph";
import { fieldName, literalName } from "./declare.ts";
import type { Frame } from "./frame.ts";
import { copyOf, holderOf, isCalled } from "./holder.ts";
import { lose } from "./loss.ts";
import { elements } from "./member.ts";
import { constant, join, nothing, other, type Value } from "./place.ts";
import { type Rule, rule } from "./rule.ts";
import type { Walk } from "./walk.ts";

/** Literals: constants, and new objects and arrays. */
export const literalRules: readonly Rule[] = [
  rule(SyntaxKind.StringLiteral, () => constant),
  rule(SyntaxKind.NoSubstitutionTemplateLiteral, () => constant),
  rule(SyntaxKind.NumericLiteral, () => constant),
  rule(SyntaxKind.BigIntLiteral, () => constant),
  rule(SyntaxKind.TrueKeyword, () => constant),
  rule(SyntaxKind.FalseKeyword, () => constant),
  rule(SyntaxKind.NullKeyword, () => nothing),
  rule(SyntaxKind.ArrayLiteralExpression, (walk, node, frame) =>
    holderOf(
      walk,
      node.getElements().map((element) => walk.evaluate(element, frame)),
      node,
    ),
  ),
  rule(SyntaxKind.SpreadElement, (walk, node, frame) =>
    elements(walk, walk.evaluate(node.getExpression(), frame), node),
  ),
  rule(SyntaxKind.ObjectLiteralExpression, (walk, node, frame) => {
    const holder = holderOf(walk, fieldValues(walk, node, frame), node);
    return node.getProperties().every(isPlain) ? holder : lose(walk, holder, node);
  }),
];

/** Whether a property adds data and no code that sees the object's other properties. */
function isPlain(property: Node): boolean {
  if (Node.isSpreadAssignment(property)) {
    const type = property.getExpression().getType();
    const types = type.isUnion() ? type.getUnionTypes() : [type];
    return types.every(hasPlainFields);
  }
  if (Node.isShorthandPropertyAssignment(property)) return !isCalled(property.getName());
  if (!Node.isPropertyAssignment(property)) return false;
  const name = property.getNameNode();
  return !Node.isComputedPropertyName(name) && !isCalled(literalName(name) ?? name.getText());
}

function hasPlainFields(type: Type): boolean {
  return !type.isAny() && type.getProperties().every((each) => !isCalled(each.getName()));
}

function fieldValues(walk: Walk, node: ObjectLiteralExpression, frame: Frame): readonly Value[] {
  return node.getProperties().map((property) => {
    if (Node.isSpreadAssignment(property)) {
      const copied = walk.evaluate(property.getExpression(), frame);
      return copyOf(walk, copied, property);
    }
    if (Node.isShorthandPropertyAssignment(property)) {
      return walk.evaluate(property.getNameNode(), frame);
    }
    if (Node.isPropertyAssignment(property)) {
      fieldName(walk, property.getNameNode(), frame);
      const initializer = property.getInitializer();
      return initializer === undefined ? other : walk.evaluate(initializer, frame);
    }
    // A method or an accessor.
    return join(other, walk.evaluate(property, frame));
  });
}
