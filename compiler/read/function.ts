import { type FunctionDeclaration, Node, type TypeNode, type VariableDeclaration } from "ts-morph";
import { functionNotExported, notAFunction, unwrittenReturn } from "../diagnostics/reading.ts";
import type { FunctionModel } from "../model/topology.ts";
import { exportOf } from "./declaration.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import { through } from "./symbol.ts";

/** A function named by `typeof fn` in an option. */
export interface NamedFunction {
  readonly model: FunctionModel;
  readonly node: FunctionDeclaration | VariableDeclaration;
}

/** Whether a type is `typeof something`. */
export const isFunctionName = (reading: Reading, written: Written): boolean =>
  Node.isTypeQuery(resolve(reading, written).node);

/** `undefined` where it cannot be called by generated code, which has been reported. */
export function readFunction(reading: Reading, written: Written): NamedFunction | undefined {
  const { node } = resolve(reading, written);
  const span = reading.place(written.node);
  if (!Node.isTypeQuery(node)) {
    reading.report(notAFunction(written.node.getText(), span));
    return undefined;
  }
  const name = node.getExprName();
  const symbol = (Node.isQualifiedName(name) ? name.getRight() : name).getSymbol();
  const declaration = symbol && through(symbol).getDeclarations().find(isFunction);
  if (declaration === undefined) {
    reading.report(notAFunction(node.getText(), span));
    return undefined;
  }
  const place = exportOf(reading, declaration);
  if (place === undefined) {
    const at = declaration.getNameNode() ?? declaration;
    reading.report(functionNotExported(name.getText(), span, reading.place(at)));
    return undefined;
  }
  return { model: place, node: declaration };
}

function isFunction(node: Node): node is FunctionDeclaration | VariableDeclaration {
  return Node.isFunctionDeclaration(node) || Node.isVariableDeclaration(node);
}

/** The written return type of a function or of the function in a constant. */
function returnTypeOf(node: FunctionDeclaration | VariableDeclaration): TypeNode | undefined {
  if (Node.isFunctionDeclaration(node)) return node.getReturnTypeNode();
  const value = node.getInitializer();
  return Node.isArrowFunction(value) || Node.isFunctionExpression(value)
    ? value.getReturnTypeNode()
    : undefined;
}

/** Whether it gives a promise, as far as it says so. */
export function isAsync({ node }: NamedFunction): boolean {
  const value = Node.isFunctionDeclaration(node) ? node : node.getInitializer();
  const isWritten =
    Node.isFunctionDeclaration(value) ||
    Node.isArrowFunction(value) ||
    Node.isFunctionExpression(value);
  return isWritten && value.isAsync();
}

/** The return type that a key needs; reports where it is left to inference. */
export function keyTypeOf(reading: Reading, fn: NamedFunction): Written | undefined {
  const node = returnTypeOf(fn.node);
  if (node !== undefined) return { node, bound: new Map() };
  const at = fn.node.getNameNode() ?? fn.node;
  reading.report(unwrittenReturn(fn.model.name, reading.place(at)));
  return undefined;
}
