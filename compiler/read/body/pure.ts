import { type Identifier, Node, SyntaxKind } from "ts-morph";
import { functionNamed, isLiteralConstant, symbolOf } from "./callee.ts";
import type { FunctionNode } from "./frame.ts";
import { isBuiltIn } from "./shape.ts";

/** What gives the same for the same, in every process. `Math` has an exception. */
const constantBuiltIns: ReadonlySet<string> = new Set([
  "BigInt",
  "Boolean",
  "Infinity",
  "JSON",
  "Math",
  "NaN",
  "Number",
  "String",
  "decodeURIComponent",
  "encodeURIComponent",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "undefined",
]);

/** Methods that depend on chance, on the clock, or on the process's language or time zone. */
const varying =
  /^(random|now|localeCompare|toLocale\w*|toDateString|toTimeString|get(Day|Date|Hours|Minutes|Month|FullYear|Year|TimezoneOffset))$/;

const varyingSyntax: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.AwaitExpression,
  SyntaxKind.YieldExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.TaggedTemplateExpression,
  SyntaxKind.MetaProperty,
  SyntaxKind.ImportKeyword,
  SyntaxKind.ClassExpression,
  SyntaxKind.ClassDeclaration,
]);

/**
 * Whether a function certainly gives the same for the same value, wherever and whenever it is
 * called. Anything that is not on a list here means no.
 */
export function isPure(fn: FunctionNode, asked: readonly FunctionNode[] = []): boolean {
  // What calls itself is as pure as the rest of it.
  if (asked.includes(fn)) return true;
  let isSteady = true;
  fn.forEachDescendant((node, traversal) => {
    if (Node.isTypeNode(node) && !Node.isExpressionWithTypeArguments(node)) traversal.skip();
    else if (!isSteadyNode(node, fn, asked)) {
      isSteady = false;
      traversal.stop();
    }
  });
  return isSteady;
}

function isSteadyNode(node: Node, fn: FunctionNode, asked: readonly FunctionNode[]): boolean {
  if (varyingSyntax.has(node.getKind())) return false;
  // The name of a method is looked at with the method, and a chosen one could be any.
  if (Node.isElementAccessExpression(node)) return isIndex(node.getArgumentExpression());
  if (Node.isPropertyAccessExpression(node)) return !isConvertedDate(node);
  return !Node.isIdentifier(node) || isSteadyName(node, fn, asked);
}

function isIndex(index: Node | undefined): boolean {
  return index?.getType().getBaseTypeOfLiteralType().isNumber() ?? false;
}

function isSteadyName(name: Identifier, fn: FunctionNode, asked: readonly FunctionNode[]): boolean {
  if (varying.test(name.getText())) return false;
  if (isPropertyName(name)) return true;
  if (isConvertedDate(name)) return false;
  const declaration = symbolOf(name)?.getValueDeclaration();
  if (declaration === undefined) return name.getText() === "undefined";
  if (declaration === fn || declaration.getAncestors().includes(fn)) return true;
  if (isBuiltIn(declaration)) return constantBuiltIns.has(name.getText());
  if (isLiteralConstant(declaration)) return true;
  const named = functionNamed(name);
  return named !== undefined && isPure(named, [...asked, fn]);
}

function isPropertyName(name: Identifier): boolean {
  const parent = name.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() === name;
  if (Node.isPropertyAssignment(parent)) return parent.getNameNode() === name;
  return Node.isBindingElement(parent) && parent.getPropertyNameNode() === name;
}

/** A date turned into text says the process's time zone. Anything but a method call may do that. */
function isConvertedDate(node: Node): boolean {
  const parent = node.getParent();
  const isObject = Node.isPropertyAccessExpression(parent) && parent.getExpression() === node;
  return !isObject && node.getType().getSymbol()?.getName() === "Date";
}
