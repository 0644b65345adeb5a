import { type ElementAccessExpression, Node, type PropertyAccessExpression } from "ts-morph";
import { bare } from "./callee.ts";
import { bindName, fieldName, itemAt, literalName } from "./declare.ts";
import type { Frame } from "./frame.ts";
import { copyOf, isCalled } from "./holder.ts";
import { lose } from "./loss.ts";
import { member } from "./member.ts";
import { join, only, perhaps, type Value } from "./place.ts";
import { quote, reasonFor } from "./reasons.ts";
import type { Walk } from "./walk.ts";

/** An assignment to what stands on the left of `=`. That is not read by it, but it changes. */
export function assign(walk: Walk, target: Node, value: Value, frame: Frame): void {
  const left = bare(target);
  if (Node.isIdentifier(left)) bindName(walk, left, value, frame);
  else if (Node.isPropertyAccessExpression(left) || Node.isElementAccessExpression(left)) {
    assignMember(walk, left, value, frame);
  } else if (Node.isArrayLiteralExpression(left)) {
    left.getElements().forEach((element, index) => {
      assignItem(walk, element, itemAt(walk, value, index, element), frame);
    });
  } else if (Node.isObjectLiteralExpression(left)) {
    for (const property of left.getProperties()) assignField(walk, property, value, frame);
  } else {
    lose(walk, value, left);
    lose(walk, walk.evaluate(left, frame), left);
  }
}

type MemberNode = PropertyAccessExpression | ElementAccessExpression;

function assignMember(walk: Walk, left: MemberNode, value: Value, frame: Frame): void {
  lose(walk, value, left, `it is kept in ${quote(left)}`);
  changeMember(walk, left, frame);
}

/**
 * `x.name = `, `delete x.name`, `x.name++`: the field changes, or, of something unknown, anything.
 */
export function changeMember(walk: Walk, left: MemberNode, frame: Frame): void {
  const object = walk.evaluate(left.getExpression(), frame);
  const name = Node.isPropertyAccessExpression(left) ? left.getName() : indexOf(walk, left, frame);
  for (const place of object.places) {
    if (place.kind === "part") {
      const path = place.within || name === undefined ? place.path : [...place.path, name];
      walk.findings.change({ ...place, path }, reasonFor(left, `${quote(left)} is assigned to`));
    } else if (place.kind !== "holder" || isCalled(name)) lose(walk, only(place), left);
  }
}

function indexOf(walk: Walk, left: ElementAccessExpression, frame: Frame): string | undefined {
  const index = left.getArgumentExpression();
  if (index !== undefined) lose(walk, walk.evaluate(index, frame), index);
  return literalName(index);
}

function assignItem(walk: Walk, element: Node, value: Value, frame: Frame): void {
  if (Node.isOmittedExpression(element)) return;
  if (Node.isSpreadElement(element)) {
    assign(walk, element.getExpression(), lose(walk, value, element), frame);
  } else assignWithDefault(walk, element, value, frame);
}

function assignField(walk: Walk, property: Node, value: Value, frame: Frame): void {
  if (Node.isSpreadAssignment(property)) {
    assign(walk, property.getExpression(), copyOf(walk, value, property), frame);
  } else if (Node.isShorthandPropertyAssignment(property)) {
    const otherwise = property.getObjectAssignmentInitializer();
    const found = member(walk, value, property.getName(), property);
    const given =
      otherwise === undefined ? found : join(perhaps(found), walk.evaluate(otherwise, frame));
    bindName(walk, property.getNameNode(), given, frame);
  } else if (Node.isPropertyAssignment(property)) {
    const name = fieldName(walk, property.getNameNode(), frame);
    const found = member(walk, value, name, property);
    const target = property.getInitializer();
    if (target !== undefined) assignWithDefault(walk, target, found, frame);
  } else {
    lose(walk, value, property);
    walk.evaluate(property, frame);
  }
}

/** `[a = 1] = value`: the initializer of a pattern looks like an assignment. */
function assignWithDefault(walk: Walk, target: Node, value: Value, frame: Frame): void {
  if (Node.isBinaryExpression(target) && target.getOperatorToken().getText() === "=") {
    const otherwise = walk.evaluate(target.getRight(), frame);
    assign(walk, target.getLeft(), join(perhaps(value), otherwise), frame);
  } else assign(walk, target, value, frame);
}
