import { type FunctionDeclaration, Node, SyntaxKind } from "ts-morph";

/** The answers, each for the text that it was found in: functions are looked up call by call. */
const known = new WeakMap<
  FunctionDeclaration,
  { readonly text: string; readonly found: boolean }
>();

/**
 * Whether something is assigned to a function's name. The checker refuses that, but its errors can
 * be silenced.
 */
export function isAssigned(declaration: FunctionDeclaration): boolean {
  const text = declaration.getSourceFile().getFullText();
  const before = known.get(declaration);
  if (before?.text === text) return before.found;
  const found = findAssignment(declaration);
  known.set(declaration, { text, found });
  return found;
}

function findAssignment(declaration: FunctionDeclaration): boolean {
  const name = declaration.getName();
  if (name === undefined || isOnlyCalled(declaration, name)) return false;
  return declaration
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .some((each) => each.getText() === name && isTarget(each) && isNameOf(each, declaration));
}

/** Spares the search in most files. An assigned name is not followed by a parenthesis. */
function isOnlyCalled(declaration: FunctionDeclaration, name: string): boolean {
  const text = declaration.getSourceFile().getFullText();
  const escaped = name.replaceAll("$", "\\$");
  return (
    !text.includes("\\u") && !new RegExp(`(?<![\\w$])${escaped}(?![\\w$])(?!\\s*[(<])`).test(text)
  );
}

function isNameOf(name: Node, declaration: Node): boolean {
  const parent = name.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent)
    ? parent.getValueSymbol()
    : name.getSymbol();
  return symbol?.getDeclarations().includes(declaration) ?? false;
}

/** `x = `, `x += `, `x++`, `[x] = `, `({ a: x } = `, `for (x of`. */
function isTarget(node: Node): boolean {
  const parent = node.getParent();
  if (parent === undefined) return false;
  if (Node.isPrefixUnaryExpression(parent) || Node.isPostfixUnaryExpression(parent)) return true;
  if (Node.isForOfStatement(parent) || Node.isForInStatement(parent)) {
    return parent.getInitializer() === node;
  }
  if (Node.isBinaryExpression(parent)) {
    const isAssignment = parent.getOperatorToken().getText().endsWith("=");
    return isAssignment && parent.getLeft() === node;
  }
  return isInPattern(parent) && isTarget(parent);
}

function isInPattern(parent: Node): boolean {
  return (
    Node.isArrayLiteralExpression(parent) ||
    Node.isObjectLiteralExpression(parent) ||
    Node.isPropertyAssignment(parent) ||
    Node.isShorthandPropertyAssignment(parent) ||
    Node.isSpreadElement(parent) ||
    Node.isSpreadAssignment(parent) ||
    Node.isParenthesizedExpression(parent) ||
    Node.isNonNullExpression(parent) ||
    Node.isAsExpression(parent) ||
    Node.isSatisfiesExpression(parent)
  );
}
