import { type CallExpression, Node, SyntaxKind, type Type } from "ts-morph";
import { floatingPromise } from "../diagnostics/agents.ts";
import type { ResourceModel } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";

/** Reports promises that a body makes and leaves: what they do is no part of the record's work. */
export function checkFloating(
  reading: Reading,
  { fn, name }: Candidate,
  resources: readonly ResourceModel[],
): void {
  // Nothing that these do has to be waited for. Names first: types make the checker work.
  const awaited = new Set(["console", ...resources.filter(isWaitedFor).map(parameterOf)]);
  for (const statement of fn.getDescendantsOfKind(SyntaxKind.ExpressionStatement)) {
    const call = statement.getExpression();
    if (!Node.isCallExpression(call) || awaited.has(rootOf(call))) continue;
    if (!isPromise(call.getReturnType()) && !runsAsync(call)) continue;
    reading.report(floatingPromise(name, `"${shown(call)}"`, reading.place(call)));
  }
}

const parameterOf = ({ parameter }: ResourceModel): string => parameter;

/** The runtime waits for what these do. */
const isWaitedFor = ({ kind }: ResourceModel): boolean =>
  ["table", "lookup", "global", "sink", "context"].includes(kind);

/** `alerts` of `alerts.at(now).send(x)`. */
function rootOf(call: CallExpression): string {
  let node: Node = call;
  while (Node.isCallExpression(node) || Node.isPropertyAccessExpression(node)) {
    node = node.getExpression();
  }
  return node.getText();
}

const isPromise = (type: Type): boolean =>
  !type.isAny() && (type.getProperty("then") !== undefined || type.getUnionTypes().some(isPromise));

/** `forEach` does not look at what its function gives. */
function runsAsync(call: CallExpression): boolean {
  const callee = call.getExpression();
  return (
    Node.isPropertyAccessExpression(callee) &&
    callee.getName() === "forEach" &&
    call.getArguments().some((each) => isFunction(each) && each.isAsync())
  );
}

const isFunction = (node: Node) => Node.isArrowFunction(node) || Node.isFunctionExpression(node);

function shown(call: CallExpression): string {
  return `${call.getExpression().getText().replace(/\s+/g, "").slice(0, 60)}()`;
}
