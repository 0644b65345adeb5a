import {
  type CallExpression,
  type ElementAccessExpression,
  Node,
  type PropertyAccessExpression,
  SyntaxKind,
} from "ts-morph";
import { loseArguments, showArguments } from "./arguments.ts";
import { isDate, isHarmless } from "./built-in.ts";
import { bare, calledFunction } from "./callee.ts";
import { literalName } from "./declare.ts";
import { flowCall } from "./flow-call.ts";
import type { Frame, FunctionNode } from "./frame.ts";
import { listCall } from "./list-call.ts";
import { lose } from "./loss.ts";
import type { MethodCall } from "./method-call.ts";
import { partCall } from "./part-call.ts";
import {
  certainly,
  isWhole,
  join,
  type LibraryPart,
  only,
  other,
  perhaps,
  type Value,
} from "./place.ts";
import { quote } from "./reasons.ts";
import { type Rule, rule } from "./rule.ts";
import { tableCall } from "./table-call.ts";
import type { Walk } from "./walk.ts";

/** Calls. What is called decides what becomes of the arguments. */
export const callRules: readonly Rule[] = [
  rule(SyntaxKind.CallExpression, (walk, node, frame) => {
    const found = call(walk, node, frame);
    return node.hasQuestionDotToken() ? perhaps(found) : found;
  }),
  rule(SyntaxKind.NewExpression, (walk, node, frame) => {
    const callee = node.getExpression();
    lose(walk, walk.evaluate(callee, frame), callee);
    const args = node.getArguments();
    return isDate(callee) ? showArguments(walk, args, frame) : loseArguments(walk, args, frame);
  }),
];

function call(walk: Walk, node: CallExpression, frame: Frame): Value {
  const callee = bare(node.getExpression());
  const fn = calledFunction(callee);
  if (fn !== undefined) return callHelper(walk, fn, node, frame);
  if (Node.isPropertyAccessExpression(callee) || Node.isElementAccessExpression(callee)) {
    return callMember(walk, node, callee, frame);
  }
  lose(walk, walk.evaluate(callee, frame), callee);
  return callUnknown(walk, node, callee, frame);
}

function callUnknown(walk: Walk, node: CallExpression, callee: Node, frame: Frame): Value {
  return isHarmless(node, callee)
    ? showArguments(walk, node.getArguments(), frame)
    : loseArguments(walk, node.getArguments(), frame);
}

/** A function whose body is at hand is walked with what it is given. */
function callHelper(walk: Walk, fn: FunctionNode, node: CallExpression, frame: Frame): Value {
  const nodes = node.getArguments();
  if (nodes.some(Node.isSpreadElement)) {
    loseArguments(walk, nodes, frame);
    const result = walk.run({ fn, args: fn.getParameters().map(() => other), frame });
    return lose(walk, result, node);
  }
  const args = nodes.map((arg) => walk.evaluate(arg, frame));
  const result = walk.run({ fn, args, frame });
  if (fn !== walk.keyFunction || args.length !== 1) return result;
  const given = certainly(args[0] ?? other);
  const isInput = given?.kind === "part" && isWhole(given) && !given.within;
  return isInput ? only({ kind: "derived" }) : result;
}

function callMember(
  walk: Walk,
  node: CallExpression,
  callee: PropertyAccessExpression | ElementAccessExpression,
  frame: Frame,
): Value {
  const object = walk.evaluate(callee.getExpression(), frame);
  const name = methodName(walk, callee, frame);
  const found = object.places.map((place) => callOn(walk, { place, name, node }, frame));
  if (!object.other) return join(...found);
  return perhaps(join(callUnknown(walk, node, callee, frame), ...found));
}

function methodName(
  walk: Walk,
  callee: PropertyAccessExpression | ElementAccessExpression,
  frame: Frame,
): string | undefined {
  if (Node.isPropertyAccessExpression(callee)) return callee.getName();
  const index = callee.getArgumentExpression();
  if (index !== undefined) lose(walk, walk.evaluate(index, frame), index);
  return literalName(index);
}

function callOn(walk: Walk, call: MethodCall, frame: Frame): Value {
  const { place, name, node } = call;
  switch (place.kind) {
    case "part":
      return isWhole(place)
        ? callLost(walk, call, frame)
        : partCall(walk, { place, name, node }, frame);
    case "table":
      return tableCall(walk, { place, name, node }, frame);
    case "flow":
      return flowCall(walk, { place, name, node }, frame);
    case "list":
      return listCall(walk, { place, name, node }, frame);
    case "event":
      return handling.has(name)
        ? showArguments(walk, node.getArguments(), frame)
        : callLost(walk, call, frame);
    case "library":
      return libraryMethods[place.is].includes(name ?? "")
        ? showArguments(walk, node.getArguments(), frame)
        : loseArguments(walk, node.getArguments(), frame);
    default:
      return callLost(walk, call, frame);
  }
}

/** What an event can be told. */
const handling: ReadonlySet<string | undefined> = new Set(["reject", "nack", "forward", "ack"]);

/** The methods that encode what they are given before they return. */
const libraryMethods: Readonly<Record<LibraryPart, readonly string[]>> = {
  sink: ["send", "delete"],
  view: ["get", "has", "elements"],
  log: ["debug", "info", "warn", "error"],
  metrics: ["count", "gauge"],
  context: [],
};

function callLost(walk: Walk, { place, node }: MethodCall, frame: Frame): Value {
  lose(walk, only(place), node.getExpression(), `${quote(node)} is not known to leave it alone`);
  return loseArguments(walk, node.getArguments(), frame);
}
