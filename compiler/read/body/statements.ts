import {
  type ForInStatement,
  type ForOfStatement,
  Node,
  SyntaxKind,
  VariableDeclarationKind,
} from "ts-morph";
import { assign } from "./assign.ts";
import { functionNamed } from "./callee.ts";
import { declare } from "./declare.ts";
import type { Frame } from "./frame.ts";
import { handedOn } from "./handed-on.ts";
import { lose, show } from "./loss.ts";
import { elements } from "./member.ts";
import { nothing, other, perhaps, type Value } from "./place.ts";
import { type Rule, rule } from "./rule.ts";
import type { Walk } from "./walk.ts";

/** Statements and declarations. None of them has a value. */
export const statementRules: readonly Rule[] = [
  ...[
    // Whatever stands directly in one of these is only tested, compared or dropped.
    SyntaxKind.ExpressionStatement,
    SyntaxKind.IfStatement,
    SyntaxKind.WhileStatement,
    SyntaxKind.DoStatement,
    SyntaxKind.ForStatement,
    SyntaxKind.SwitchStatement,
    SyntaxKind.CaseClause,
  ].map((kind) => rule(kind, dropped)),
  rule(SyntaxKind.ForOfStatement, (walk, node, frame) => {
    const sequence = walk.evaluate(node.getExpression(), frame);
    start(walk, node, elements(walk, sequence, node.getExpression()), frame);
    walk.evaluate(node.getStatement(), frame);
    return other;
  }),
  rule(SyntaxKind.ForInStatement, (walk, node, frame) => {
    show(walk, walk.evaluate(node.getExpression(), frame), node.getExpression());
    start(walk, node, other, frame);
    walk.evaluate(node.getStatement(), frame);
    return other;
  }),
  rule(SyntaxKind.VariableDeclaration, (walk, node, frame) => {
    // A function that a constant names is walked where it is called or handed on.
    if (functionNamed(node.getNameNode()) !== undefined) return other;
    const initializer = node.getInitializer();
    const value = initializer === undefined ? other : walk.evaluate(initializer, frame);
    declare(walk, node.getNameNode(), declared(walk, node, value), frame);
    return other;
  }),
  rule(SyntaxKind.ReturnStatement, (walk, node, frame) => {
    const expression = node.getExpression();
    const value = expression === undefined ? nothing : walk.evaluate(expression, frame);
    frame.giveBack(value);
    if (frame.emits && expression !== undefined) show(walk, value, expression);
    return other;
  }),
  rule(SyntaxKind.YieldExpression, (walk, node, frame) => {
    const expression = node.getExpression();
    const value = expression === undefined ? nothing : walk.evaluate(expression, frame);
    if (!frame.emits || node.getAsteriskToken() !== undefined) {
      frame.giveBack(other);
      return lose(walk, value, expression ?? node);
    }
    frame.giveBack(value);
    return show(walk, value, expression ?? node);
  }),
  rule(SyntaxKind.FunctionDeclaration, (walk, node, frame) => {
    const name = node.getNameNode();
    return name !== undefined && functionNamed(name) === node ? other : handedOn(walk, node, frame);
  }),
  rule(SyntaxKind.InterfaceDeclaration, () => other),
  rule(SyntaxKind.TypeAliasDeclaration, () => other),
];

function dropped(walk: Walk, node: Node, frame: Frame): Value {
  node.forEachChild((child) => {
    walk.evaluate(child, frame);
  });
  return other;
}

/** Gives a loop's variable, new or old, what a round begins with. */
function start(
  walk: Walk,
  node: ForOfStatement | ForInStatement,
  value: Value,
  frame: Frame,
): void {
  const initializer = node.getInitializer();
  if (!Node.isVariableDeclarationList(initializer)) {
    assign(walk, initializer, value, frame);
    return;
  }
  for (const each of initializer.getDeclarations()) {
    declare(walk, each.getNameNode(), declared(walk, each, value), frame);
  }
}

/** What the kind of a declaration makes of the value it begins with. */
function declared(walk: Walk, node: Node, value: Value): Value {
  const list = node.getParent();
  if (!Node.isVariableDeclarationList(list)) return value;
  switch (list.getDeclarationKind()) {
    case VariableDeclarationKind.Var:
      // It is there, without a value, before its declaration and outside of its block.
      return perhaps(value);
    case VariableDeclarationKind.Using:
    case VariableDeclarationKind.AwaitUsing:
      return lose(walk, value, node);
    default:
      return value;
  }
}
