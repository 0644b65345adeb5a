import { Node } from "ts-morph";
import { lateUse, moduleState } from "../diagnostics/agents.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";
import { isModuleVariable } from "./steady.ts";

/** Says what a body uses of the world outside its record: variables of the module, and later moments. */
export function hintAtOutside(reading: Reading, { fn, name }: Candidate): void {
  const nodes = fn.getDescendants();
  const variable = nodes.find((node) => Node.isIdentifier(node) && isModuleVariable(node));
  const declaration = variable?.getSymbol()?.getValueDeclaration();
  if (variable !== undefined && declaration !== undefined) {
    const place = { span: reading.place(variable), declared: reading.place(declaration) };
    reading.report(moduleState(name, variable.getText(), place));
  }
  const parameters = new Set<Node>(fn.getParameters().slice(1));
  for (const call of nodes.filter(Node.isCallExpression)) {
    const timer = call.getExpression().getText();
    if (!outliving.has(timer)) continue;
    const used = call
      .getArguments()
      .flatMap((argument) => argument.getDescendants())
      .find((node) => isOneOf(parameters, node));
    if (used !== undefined) {
      reading.report(lateUse(name, { used: used.getText(), timer }, reading.place(used)));
    }
  }
}

/** What calls back when the function has returned. */
const outliving: ReadonlySet<string> = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "process.nextTick",
]);

function isOneOf(parameters: ReadonlySet<Node>, node: Node): boolean {
  const declaration = Node.isIdentifier(node) ? node.getSymbol()?.getValueDeclaration() : undefined;
  return declaration !== undefined && parameters.has(declaration);
}
