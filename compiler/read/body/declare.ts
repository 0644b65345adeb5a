import { type BindingElement, type BindingName, Node } from "ts-morph";
import { declarationOf } from "./callee.ts";
import { type Frame, functionAround } from "./frame.ts";
import { copyOf } from "./holder.ts";
import { lose } from "./loss.ts";
import { elements, member } from "./member.ts";
import { certainly, join, perhaps, type Value } from "./place.ts";
import type { Walk } from "./walk.ts";

/** A declaration: `const name = value`, `const { a, ...rest } = value`, a parameter. */
export function declare(walk: Walk, name: BindingName, value: Value, frame: Frame): void {
  if (Node.isIdentifier(name)) {
    bindName(walk, name, value, frame);
    return;
  }
  if (Node.isObjectBindingPattern(name)) {
    for (const element of name.getElements()) {
      declareElement(walk, element, fieldFor(walk, element, value, frame), frame);
    }
    return;
  }
  name.getElements().forEach((element, index) => {
    if (Node.isOmittedExpression(element)) return;
    const found = itemAt(walk, value, index, element);
    const isRest = element.getDotDotDotToken() !== undefined;
    declareElement(walk, element, isRest ? lose(walk, found, element) : found, frame);
  });
}

function declareElement(walk: Walk, element: BindingElement, value: Value, frame: Frame): void {
  const otherwise = element.getInitializer();
  const given =
    otherwise === undefined ? value : join(perhaps(value), walk.evaluate(otherwise, frame));
  declare(walk, element.getNameNode(), given, frame);
}

function fieldFor(walk: Walk, element: BindingElement, value: Value, frame: Frame): Value {
  if (element.getDotDotDotToken() !== undefined) return copyOf(walk, value, element);
  const name = element.getPropertyNameNode() ?? element.getNameNode();
  return member(walk, value, fieldName(walk, name, frame), element);
}

/** A name that a frame knows takes on the value; what is kept elsewhere is out of sight. */
export function bindName(walk: Walk, name: Node, value: Value, frame: Frame): void {
  const declaration = declarationOf(name);
  const fn = declaration === undefined ? undefined : functionAround(declaration);
  const owner = fn === undefined ? undefined : frame.running(fn);
  if (declaration === undefined || owner === undefined) {
    lose(walk, value, name, `it is kept in "${name.getText()}"`);
  } else owner.bind(declaration, value);
}

/** What a pattern finds at a position: of a pair exactly, of anything else whatever it holds. */
export function itemAt(walk: Walk, value: Value, index: number, node: Node): Value {
  return certainly(value)?.kind === "tuple"
    ? member(walk, value, String(index), node)
    : elements(walk, value, node);
}

/** The name that a property in a literal or pattern has; undefined when it is worked out. */
export function fieldName(walk: Walk, name: Node, frame: Frame): string | undefined {
  if (Node.isComputedPropertyName(name)) {
    const written = name.getExpression();
    lose(walk, walk.evaluate(written, frame), written);
    return literalName(written);
  }
  return Node.isIdentifier(name) ? name.getText() : literalName(name);
}

/** The name that an index certainly is. */
export function literalName(index: Node | undefined): string | undefined {
  if (Node.isStringLiteral(index) || Node.isNoSubstitutionTemplateLiteral(index)) {
    return index.getLiteralText();
  }
  return Node.isNumericLiteral(index) ? String(index.getLiteralValue()) : undefined;
}
