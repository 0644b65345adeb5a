import { Node, SyntaxKind } from "ts-morph";
import { updatedOften } from "../diagnostics/windows.ts";
import type { ResourceModel, WindowModel } from "../model/topology.ts";
import type { AgentFunction } from "./body/body.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";
import { varies } from "./steady.ts";

/**
 * Reports functions given to `update` of a table with overlapping windows that do more than make a
 * value: they run once for each window of the event.
 */
export function checkWindowUpdates(
  reading: Reading,
  { fn, name }: Candidate,
  resources: readonly ResourceModel[],
): void {
  const tables = new Map(
    resources.flatMap((resource) => {
      if (resource.kind !== "table") return [];
      const window = reading.tables.get(resource.table)?.window;
      const isOften = window !== undefined && hasOverlaps(window);
      return isOften ? [[resource.parameter, resource.table]] : [];
    }),
  );
  if (tables.size === 0) return;
  const parameters = fn.getParameters().slice(1);
  const written = parameters.filter((_, index) => isWritten(resources[index]));
  for (const call of fn.getDescendantsOfKind(SyntaxKind.CallExpression)) {
    const callee = call.getExpression();
    if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "update") continue;
    const table = tables.get(callee.getExpression().getText());
    const change = call.getArguments()[1];
    if (table === undefined || !isFunctionWritten(change)) continue;
    const cause = change.getDescendants().find((node) => isMore(node, change, written));
    if (cause === undefined) continue;
    reading.report(
      updatedOften({ agent: name, table, cause: cause.getText() }, reading.place(cause)),
    );
  }
}

/** Whether an event may be in several windows. */
function hasOverlaps(window: WindowModel): boolean {
  if (window.kind === "session") return false;
  return window.kind === "sliding" || window.advanceMs < window.sizeMs;
}

type WrittenFunction = Extract<AgentFunction, Node>;

const isFunctionWritten = (node: Node | undefined): node is WrittenFunction =>
  Node.isArrowFunction(node) || Node.isFunctionExpression(node);

/** Whether a node depends on the moment, or changes or tells something outside of the function. */
function isMore(node: Node, change: WrittenFunction, written: readonly Node[]): boolean {
  if (varies(node)) return true;
  if (!Node.isIdentifier(node)) return false;
  const declaration = node.getSymbol()?.getValueDeclaration();
  if (declaration === undefined || declaration.getAncestors().includes(change)) return false;
  return (
    written.includes(declaration) || (Node.isVariableDeclaration(declaration) && isAssigned(node))
  );
}

const isWritten = (resource: ResourceModel | undefined): boolean =>
  resource?.kind === "sink" || resource?.kind === "table";

function isAssigned(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPostfixUnaryExpression(parent)) return true;
  if (Node.isPrefixUnaryExpression(parent)) {
    const operator = parent.getOperatorToken();
    return operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
  }
  return (
    Node.isBinaryExpression(parent) &&
    parent.getLeft() === node &&
    /(?:^|[^=!<>])=$/.test(parent.getOperatorToken().getText())
  );
}
