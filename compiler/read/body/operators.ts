import { type BinaryExpression, Node, SyntaxKind } from "ts-morph";
import { loseArguments } from "./arguments.ts";
import { assign, changeMember } from "./assign.ts";
import { bare } from "./callee.ts";
import { literalName } from "./declare.ts";
import type { Frame } from "./frame.ts";
import { lose, show } from "./loss.ts";
import { member } from "./member.ts";
import { join, other, perhaps, type Value } from "./place.ts";
import { type Rule, rule } from "./rule.ts";
import type { Walk } from "./walk.ts";

/** Operators, and notations that are nothing but their operand when they run. */
export const operatorRules: readonly Rule[] = [
  rule(SyntaxKind.ParenthesizedExpression, through),
  rule(SyntaxKind.AsExpression, through),
  rule(SyntaxKind.SatisfiesExpression, through),
  rule(SyntaxKind.NonNullExpression, through),
  rule(SyntaxKind.TypeAssertionExpression, through),
  rule(SyntaxKind.ExpressionWithTypeArguments, through),
  // What is awaited here is data or a library's promise; neither is another value than its operand.
  rule(SyntaxKind.AwaitExpression, through),
  rule(SyntaxKind.VoidExpression, ignored),
  rule(SyntaxKind.TypeOfExpression, ignored),
  rule(SyntaxKind.DeleteExpression, (walk, node, frame) => {
    const target = bare(node.getExpression());
    if (Node.isPropertyAccessExpression(target) || Node.isElementAccessExpression(target)) {
      changeMember(walk, target, frame);
      return other;
    }
    return lose(walk, walk.evaluate(target, frame), target);
  }),
  rule(SyntaxKind.PrefixUnaryExpression, (walk, node, frame) => {
    const operator = node.getOperatorToken();
    if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken) {
      return step(walk, node.getOperand(), frame);
    }
    const operand = walk.evaluate(node.getOperand(), frame);
    return operator === SyntaxKind.ExclamationToken
      ? other
      : show(walk, operand, node.getOperand());
  }),
  rule(SyntaxKind.PostfixUnaryExpression, (walk, node, frame) =>
    step(walk, node.getOperand(), frame),
  ),
  rule(SyntaxKind.ConditionalExpression, (walk, node, frame) => {
    walk.evaluate(node.getCondition(), frame);
    return join(
      walk.evaluate(node.getWhenTrue(), frame),
      walk.evaluate(node.getWhenFalse(), frame),
    );
  }),
  rule(SyntaxKind.TemplateExpression, (walk, node, frame) => {
    for (const span of node.getTemplateSpans()) {
      show(walk, walk.evaluate(span.getExpression(), frame), span.getExpression());
    }
    return other;
  }),
  // The parts of a tagged template are the arguments of a call.
  rule(SyntaxKind.TaggedTemplateExpression, (walk, node, frame) => {
    lose(walk, walk.evaluate(node.getTag(), frame), node.getTag());
    const template = node.getTemplate();
    const spans = Node.isTemplateExpression(template) ? template.getTemplateSpans() : [];
    return loseArguments(
      walk,
      spans.map((span) => span.getExpression()),
      frame,
    );
  }),
  rule(SyntaxKind.BinaryExpression, binary),
];

function through(walk: Walk, node: { getExpression(): Node }, frame: Frame): Value {
  return walk.evaluate(node.getExpression(), frame);
}

function ignored(walk: Walk, node: { getExpression(): Node }, frame: Frame): Value {
  walk.evaluate(node.getExpression(), frame);
  return other;
}

/** `x++`: read, and changed. */
function step(walk: Walk, operand: Node, frame: Frame): Value {
  show(walk, walk.evaluate(operand, frame), operand);
  assign(walk, operand, other, frame);
  return other;
}

function binary(walk: Walk, node: BinaryExpression, frame: Frame): Value {
  const operator = node.getOperatorToken().getKind();
  switch (operator) {
    case SyntaxKind.EqualsToken: {
      const value = walk.evaluate(node.getRight(), frame);
      assign(walk, node.getLeft(), value, frame);
      return value;
    }
    case SyntaxKind.QuestionQuestionEqualsToken:
    case SyntaxKind.BarBarEqualsToken:
    case SyntaxKind.AmpersandAmpersandEqualsToken: {
      const either = join(
        walk.evaluate(node.getLeft(), frame),
        perhaps(walk.evaluate(node.getRight(), frame)),
      );
      assign(walk, node.getLeft(), either, frame);
      return either;
    }
    case SyntaxKind.CommaToken:
      walk.evaluate(node.getLeft(), frame);
      return walk.evaluate(node.getRight(), frame);
    case SyntaxKind.AmpersandAmpersandToken:
      // The left operand is only the result when it is falsy, and then it holds nothing.
      walk.evaluate(node.getLeft(), frame);
      return perhaps(walk.evaluate(node.getRight(), frame));
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return join(
        walk.evaluate(node.getLeft(), frame),
        perhaps(walk.evaluate(node.getRight(), frame)),
      );
    case SyntaxKind.EqualsEqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsEqualsToken:
      walk.evaluate(node.getLeft(), frame);
      walk.evaluate(node.getRight(), frame);
      return other;
    default:
      return combine(walk, node, frame);
  }
}

/** Arithmetic, comparisons, `in`, `instanceof`, and `+=` and its like. */
function combine(walk: Walk, node: BinaryExpression, frame: Frame): Value {
  const left = walk.evaluate(node.getLeft(), frame);
  const right = walk.evaluate(node.getRight(), frame);
  const operator = node.getOperatorToken();
  if (isNullTest(node)) return other;
  const field = literalName(node.getLeft());
  if (operator.getKind() === SyntaxKind.InKeyword && field !== undefined) {
    // Whether a field is there says no more than the field.
    member(walk, right, field, node);
    return other;
  }
  show(walk, left, node.getLeft());
  if (operator.getKind() === SyntaxKind.InstanceOfKeyword) {
    // The class can define what it means to be an instance, and is then handed the left operand.
    lose(walk, left, node.getLeft());
    lose(walk, right, node.getRight());
  } else show(walk, right, node.getRight());
  if (isAssignment(operator.getKind())) assign(walk, node.getLeft(), other, frame);
  return other;
}

/** `x == null`: the only loose comparison that looks at nothing but whether there is a value. */
function isNullTest(node: BinaryExpression): boolean {
  const operator = node.getOperatorToken().getKind();
  const isLoose =
    operator === SyntaxKind.EqualsEqualsToken || operator === SyntaxKind.ExclamationEqualsToken;
  return isLoose && [node.getLeft(), node.getRight()].some(Node.isNullLiteral);
}

function isAssignment(operator: SyntaxKind): boolean {
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}
