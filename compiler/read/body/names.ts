import {
  type ConstructorDeclaration,
  type GetAccessorDeclaration,
  type Identifier,
  type MethodDeclaration,
  Node,
  type SetAccessorDeclaration,
  SyntaxKind,
} from "ts-morph";
import { functionNamed, isLiteralConstant, symbolOf } from "./callee.ts";
import { fieldName, literalName } from "./declare.ts";
import { type Frame, functionAround } from "./frame.ts";
import { handedOn } from "./handed-on.ts";
import { lose } from "./loss.ts";
import { member } from "./member.ts";
import { constant, nothing, other, perhaps, type Value } from "./place.ts";
import { reasonFor } from "./reasons.ts";
import { type Rule, rule } from "./rule.ts";
import type { Walk } from "./walk.ts";

/** Names, what is reached through them, and functions that are not called where they stand. */
export const nameRules: readonly Rule[] = [
  rule(SyntaxKind.Identifier, identifier),
  rule(SyntaxKind.PropertyAccessExpression, (walk, node, frame) => {
    const object = walk.evaluate(node.getExpression(), frame);
    const found = member(walk, object, node.getName(), node);
    return node.hasQuestionDotToken() ? perhaps(found) : found;
  }),
  rule(SyntaxKind.ElementAccessExpression, (walk, node, frame) => {
    const object = walk.evaluate(node.getExpression(), frame);
    const index = node.getArgumentExpression();
    if (index !== undefined) lose(walk, walk.evaluate(index, frame), index);
    const found = member(walk, object, literalName(index), node);
    return node.hasQuestionDotToken() ? perhaps(found) : found;
  }),
  rule(SyntaxKind.ArrowFunction, handedOn),
  rule(SyntaxKind.FunctionExpression, handedOn),
  rule(SyntaxKind.Constructor, classMember),
  rule(SyntaxKind.MethodDeclaration, namedMember),
  rule(SyntaxKind.GetAccessor, namedMember),
  rule(SyntaxKind.SetAccessor, namedMember),
];

/** Ways to a function's variables that do not go by their names. */
const hidden: ReadonlySet<string> = new Set(["arguments", "eval"]);

function identifier(walk: Walk, node: Identifier, frame: Frame): Value {
  const name = node.getText();
  if (name === "undefined") return nothing;
  if (hidden.has(name)) {
    walk.findings.giveUp(reasonFor(node, `"${name}" reaches it without naming it`));
    return other;
  }
  const declaration = symbolOf(node)?.getValueDeclaration();
  if (declaration === undefined) return other;
  const around = functionAround(declaration);
  const fn = functionNamed(node);
  if (fn !== undefined) return around === undefined ? other : handedOn(walk, fn, frame);
  // What else a module declares never holds anything that is followed.
  if (around === undefined) return isLiteralConstant(declaration) ? constant : other;
  if (!isVariable(declaration)) return other;
  const owner = frame.running(around);
  if (owner !== undefined) return owner.valueOf(declaration);
  walk.findings.giveUp(reasonFor(node, `it is not known what "${name}" is`));
  return other;
}

function isVariable(declaration: Node): boolean {
  return (
    Node.isVariableDeclaration(declaration) ||
    Node.isParameterDeclaration(declaration) ||
    Node.isBindingElement(declaration)
  );
}

type NamedMember = MethodDeclaration | GetAccessorDeclaration | SetAccessorDeclaration;

function namedMember(walk: Walk, fn: NamedMember, frame: Frame): Value {
  fieldName(walk, fn.getNameNode(), frame);
  return classMember(walk, fn, frame);
}

/** Decorators run where the class is declared. */
function classMember(walk: Walk, fn: NamedMember | ConstructorDeclaration, frame: Frame): Value {
  const decorators = [fn, ...fn.getParameters()].flatMap((each) =>
    each.getModifiers().filter(Node.isDecorator),
  );
  for (const decorator of decorators) walk.evaluate(decorator, frame);
  return handedOn(walk, fn, frame);
}
