import { Node } from "ts-morph";
import { keyVaries } from "../diagnostics/topology.ts";
import type { NamedFunction } from "./function.ts";
import type { Reading } from "./reading.ts";

/** What gives something else each time, or in each process. */
const varying =
  /^(?:Date\.now|Math\.random|performance\.now|crypto\.\w+|process\.\w+(?:\.\w+)*|globalThis\.\w+)$/;

/**
 * Reports a key function that certainly gives different keys for one value: then its records go to
 * different partitions. It looks for clocks, chance, the process and variables of the module.
 */
export function checkSteady(reading: Reading, fn: NamedFunction, place: Node): void {
  const cause = fn.node.getDescendants().find(varies);
  if (cause === undefined) return;
  const text = cause.getText();
  reading.report(keyVaries(fn.model.name, text, reading.place(place), reading.place(cause)));
}

export function varies(node: Node): boolean {
  if (Node.isPropertyAccessExpression(node)) return varying.test(node.getText());
  if (Node.isNewExpression(node)) {
    return node.getExpression().getText() === "Date" && node.getArguments().length === 0;
  }
  return Node.isIdentifier(node) && isModuleVariable(node);
}

/** A `let` or `var` at the top of a module: what it holds depends on what ran before. */
export function isModuleVariable(name: Node): boolean {
  const parent = name.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === name) return false;
  const declaration = name.getSymbol()?.getValueDeclaration();
  const statement = declaration?.getFirstAncestor(Node.isVariableStatement);
  return (
    Node.isVariableDeclaration(declaration) &&
    // The platform's own globals, such as `JSON`, are declared with `var`.
    !declaration.getSourceFile().isDeclarationFile() &&
    Node.isSourceFile(statement?.getParent()) &&
    statement?.getDeclarationKind() !== "const"
  );
}
