import { Node } from "ts-morph";
import { asyncWithoutAwait, neverEmits } from "../diagnostics/agents.ts";
import type { EmissionModel } from "../model/topology.ts";
import type { AgentFunction } from "./body/body.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";

/** Says what a body most likely does not mean to do. */
export function hintAtBody(
  reading: Reading,
  { fn, name, nameNode, trigger }: Candidate,
  emits: EmissionModel | undefined,
): void {
  const body = fn.getBody();
  if (!Node.isBlock(body)) return;
  const own = ownNodes(body);
  const returned = own.flatMap((node) =>
    Node.isReturnStatement(node) ? [node.getExpression()] : [],
  );
  const values = returned.filter((value) => value !== undefined && value.getText() !== "undefined");
  const yields = own.some((node) => Node.isYieldExpression(node));
  if (emits !== undefined && values.length === 0 && !yields && !ends(own)) {
    reading.report(neverEmits(name, emits.topic, emits.span));
  }
  const isPlainAsync = fn.isAsync() && !isGenerator(fn) && trigger.name !== "Stream";
  const waits = own.some((node) => Node.isAwaitExpression(node) || Node.isForOfStatement(node));
  if (isPlainAsync && !waits && !values.some(Node.isCallExpression)) {
    reading.report(asyncWithoutAwait(name, reading.place(nameNode)));
  }
}

const isGenerator = (fn: AgentFunction): boolean => "isGenerator" in fn && fn.isGenerator();

/** A function that only throws emits nothing on purpose. */
const ends = (nodes: readonly Node[]): boolean => nodes.some(Node.isThrowStatement);

/** The nodes of a function's body, without those of functions inside of it. */
function ownNodes(body: AgentFunction | Node): readonly Node[] {
  const nodes: Node[] = [];
  body.forEachDescendant((node, traversal) => {
    if (Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node)) traversal.skip();
    else nodes.push(node);
  });
  return nodes;
}
