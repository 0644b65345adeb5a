import { Node } from "ts-morph";
import type { Reason } from "./findings.ts";

/** Why everything is read from here on: a clause that goes on after "because". */
export function reasonFor(node: Node, why?: string): Reason {
  return { text: why ?? describe(node), node };
}

function describe(node: Node): string {
  const parent = node.getParent();
  if (Node.isCallExpression(parent) && parent.getExpression() !== node) {
    return `it is passed to ${quote(parent.getExpression())}`;
  }
  if (Node.isNewExpression(parent) && parent.getExpression() !== node) {
    return `it is passed to "new ${snippet(parent.getExpression())}"`;
  }
  if (Node.isSpreadAssignment(parent) || Node.isSpreadElement(parent)) {
    return "all of it is copied by a spread";
  }
  if (Node.isReturnStatement(parent) || Node.isYieldExpression(parent)) {
    return "all of it is given back";
  }
  if (Node.isBinaryExpression(parent) && parent.getRight() === node) {
    return `it is kept in or combined by ${quote(parent)}`;
  }
  return `what ${quote(parent ?? node)} does with it is not known`;
}

/** A piece of the user's source, in quotes, short enough for a line. */
export function quote(node: Node): string {
  return `"${snippet(node)}"`;
}

function snippet(node: Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
