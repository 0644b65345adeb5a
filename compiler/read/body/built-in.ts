import { type CallExpression, type Expression, Node } from "ts-morph";
import { bare } from "./callee.ts";
import { isBuiltIn } from "./shape.ts";

/**
 * Functions of the platform that read what they are given at once, and neither change nor keep it.
 */
const harmless: ReadonlySet<string> = new Set([
  "Array.isArray",
  "BigInt",
  "Boolean",
  "Number",
  "Object.is",
  "Object.keys",
  "String",
  "console.debug",
  "console.error",
  "console.info",
  "console.log",
  "console.warn",
  "isFinite",
  "isNaN",
]);

/**
 * These, too, but for what their second argument may say: a replacer is called with every part, and
 * memory that is transferred is taken away.
 */
const withOptions: ReadonlySet<string> = new Set(["JSON.stringify", "structuredClone"]);

/** Whether a call of something unknown does nothing but read its arguments. */
export function isHarmless(call: CallExpression, callee: Node): boolean {
  const name = builtInName(callee);
  if (name === undefined) return false;
  if (!withOptions.has(name)) return harmless.has(name);
  return call.getArguments().slice(1).every(isPlain);
}

export function isDate(callee: Expression): boolean {
  return builtInName(callee) === "Date";
}

/** `JSON.stringify`, when that is the platform's own. */
function builtInName(callee: Node): string | undefined {
  if (Node.isIdentifier(callee)) return isPlatforms(callee) ? callee.getText() : undefined;
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const owner = bare(callee.getExpression());
  return Node.isIdentifier(owner) && isPlatforms(owner)
    ? `${owner.getText()}.${callee.getName()}`
    : undefined;
}

/** A user's declaration of the same name, even one that only adds to it, makes it unknown. */
function isPlatforms(name: Node): boolean {
  const declarations = name.getSymbol()?.getDeclarations() ?? [];
  return declarations.length > 0 && declarations.every(isBuiltIn);
}

function isPlain(node: Node): boolean {
  return (
    Node.isNullLiteral(node) ||
    Node.isNumericLiteral(node) ||
    Node.isStringLiteral(node) ||
    (Node.isIdentifier(node) && node.getText() === "undefined")
  );
}
