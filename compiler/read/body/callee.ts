import { type Expression, type Identifier, type Symbol as NamedSymbol, Node } from "ts-morph";
import { isAssigned } from "./assigned.ts";
import type { FunctionNode } from "./frame.ts";

/** What parentheses and the checker's notations are around: they do nothing when it runs. */
export function bare(node: Node): Node {
  return Node.isParenthesizedExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isNonNullExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isTypeAssertion(node)
    ? bare(node.getExpression())
    : node;
}

/** What a name stands for, in whatever file that is. */
export function symbolOf(name: Node): NamedSymbol | undefined {
  const parent = name.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent)
    ? parent.getValueSymbol()
    : name.getSymbol();
  return symbol?.getAliasedSymbol() ?? symbol;
}

/**
 * The declaration by which a variable or parameter is known; the first one, when there are several.
 */
export function declarationOf(name: Node): Node | undefined {
  return symbolOf(name)?.getValueDeclaration();
}

/**
 * The function that a call certainly runs: named by a declaration that nothing can put another
 * function behind, or written in place.
 */
export function calledFunction(callee: Node): FunctionNode | undefined {
  const written = bare(callee);
  if (Node.isArrowFunction(written) || Node.isFunctionExpression(written)) return written;
  if (Node.isIdentifier(written)) return functionNamed(written);
  if (!Node.isPropertyAccessExpression(written)) return undefined;
  const namespace = written.getExpression();
  return Node.isIdentifier(namespace) && isNamespace(namespace)
    ? functionNamed(written.getNameNode())
    : undefined;
}

/** The function that a name certainly stands for. */
export function functionNamed(name: Node): FunctionNode | undefined {
  const declarations = symbolOf(name)?.getDeclarations() ?? [];
  const bodies = declarations.filter(
    (each) => !Node.isFunctionDeclaration(each) || each.getBody() !== undefined,
  );
  const [declaration] = bodies;
  return bodies.length === 1 && declaration !== undefined ? functionOf(declaration) : undefined;
}

/** The function that a declaration names for good. */
export function functionOf(declaration: Node): FunctionNode | undefined {
  if (declaration.getSourceFile().isDeclarationFile()) return undefined;
  if (Node.isFunctionExpression(declaration)) return declaration;
  if (Node.isFunctionDeclaration(declaration)) {
    return isAssigned(declaration) ? undefined : declaration;
  }
  if (!isConstant(declaration)) return undefined;
  const initializer = declaration.getInitializer();
  const written = initializer === undefined ? undefined : bare(initializer);
  return Node.isArrowFunction(written) || Node.isFunctionExpression(written) ? written : undefined;
}

/** A declaration by `const` of one name. */
export function isConstant(
  declaration: Node | undefined,
): declaration is Node & { getInitializer(): Expression | undefined } {
  return (
    Node.isVariableDeclaration(declaration) &&
    declaration.getVariableStatement()?.getDeclarationKind() === "const" &&
    Node.isIdentifier(declaration.getNameNode())
  );
}

/** A constant that holds a literal. */
export function isLiteralConstant(declaration: Node): boolean {
  if (!isConstant(declaration)) return false;
  const initializer = declaration.getInitializer();
  return Node.isStringLiteral(initializer) || Node.isNumericLiteral(initializer);
}

/** `import * as namespace`: nobody can put anything else behind its names. */
function isNamespace(name: Identifier): boolean {
  const declarations = name.getSymbol()?.getDeclarations() ?? [];
  return declarations.length > 0 && declarations.every(Node.isNamespaceImport);
}
