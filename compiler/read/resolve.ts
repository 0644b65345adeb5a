import {
  type ClassDeclaration,
  type EnumDeclaration,
  type ExpressionWithTypeArguments,
  type ImportTypeNode,
  type InterfaceDeclaration,
  Node,
  type TypeAliasDeclaration,
  type TypeNode,
  type TypeReferenceNode,
} from "ts-morph";
import { reportBrokenImport, reportUnresolved } from "./imports.ts";
import type { Reading } from "./reading.ts";
import { through } from "./symbol.ts";

/** A type as it is written, with what the type parameters around it stand for. */
export interface Written {
  readonly node: TypeNode;
  readonly bound: Bindings;
}

/** By the declaration of the type parameter. */
export type Bindings = ReadonlyMap<Node, Written>;

export const noBindings: Bindings = new Map();

/** A user's alias on the way to a type. */
export interface AliasStep {
  readonly declaration: TypeAliasDeclaration;
  readonly arguments: readonly Written[];
}

/** What a written type means, after the user's aliases, imports and type parameters. */
export type Resolved = Arrival & Target;

type Target =
  | { readonly kind: "library"; readonly name: string; readonly arguments: readonly Written[] }
  /** Declared by TypeScript's or Node's own libraries. */
  | { readonly kind: "global"; readonly name: string; readonly arguments: readonly Written[] }
  | {
      readonly kind: "interface";
      readonly declaration: InterfaceDeclaration;
      readonly arguments: readonly Written[];
    }
  | { readonly kind: "class"; readonly declaration: ClassDeclaration }
  | { readonly kind: "enum"; readonly declaration: EnumDeclaration }
  /** No reference: a keyword, a literal, a union… */
  | { readonly kind: "syntax" }
  /** A type parameter that nothing is known about, or a namespace, or a circle of aliases. */
  | { readonly kind: "open" }
  /** Nothing of that name exists. It has been reported. */
  | { readonly kind: "unresolved" };

interface Arrival {
  /** Where the user began to write it. */
  readonly place: TypeNode;
  /** Where it ended. */
  readonly node: TypeNode;
  readonly bound: Bindings;
  /** The aliases passed, outermost first. */
  readonly aliases: readonly AliasStep[];
}

type Reference = TypeReferenceNode | ImportTypeNode | ExpressionWithTypeArguments;

/** More than this is a circle. */
const stepsMax = 256;

/** Follows names until the language, a library, a declaration or a type that is no name is reached. */
export const resolve = (reading: Reading, written: Written): Resolved =>
  follow(reading, written, reportUnresolved);

/**
 * For types that may be none of the pipeline's business, such as a helper's parameter: what is unknown
 * is reported only where an import of the project's own leads nowhere.
 */
export const resolveQuietly = (reading: Reading, written: Written): Resolved =>
  follow(reading, written, reportBrokenImport);

function follow(
  reading: Reading,
  written: Written,
  report: (reading: Reading, name: Node) => void,
): Resolved {
  const place = written.node;
  let { node, bound } = written;
  let aliases: readonly AliasStep[] = [];
  for (let steps = 0; steps < stepsMax; steps++) {
    const arrival: Arrival = { place, node, bound, aliases };
    if (Node.isParenthesizedTypeNode(node)) {
      node = node.getTypeNode();
      continue;
    }
    if (!isReference(node)) return { ...arrival, kind: "syntax" };
    const declaration = declarationOf(node);
    if (declaration === undefined) {
      report(reading, nameOf(node) ?? node);
      return { ...arrival, kind: "unresolved" };
    }
    const parameter = bound.get(declaration);
    if (parameter !== undefined) {
      // What a parameter stands for was named elsewhere, not by the aliases that took it.
      ({ node, bound } = parameter);
      aliases = [];
      continue;
    }
    const given = argumentsOf(node, bound);
    if (reading.homeOf(declaration) !== "user" || !Node.isTypeAliasDeclaration(declaration)) {
      return { ...arrival, ...classify(reading, declaration, given) };
    }
    aliases = [...aliases, { declaration, arguments: given }];
    bound = bind(declaration, given);
    node = declaration.getTypeNodeOrThrow();
  }
  return { place, node, bound, aliases, kind: "open" };
}

export const isReference = (node: Node): node is Reference =>
  Node.isTypeReference(node) ||
  Node.isImportTypeNode(node) ||
  Node.isExpressionWithTypeArguments(node);

const argumentsOf = (node: Reference, bound: Bindings): readonly Written[] =>
  node.getTypeArguments().map((argument) => ({ node: argument, bound }));

/** Whether nothing is given to a type that cannot do without: `Each` for `Each<Orders>`. */
export function isBare({ node, arguments: given }: Resolved & { kind: "library" }): boolean {
  if (given.length > 0 || !isReference(node)) return false;
  const declaration = declarationOf(node);
  if (!Node.isTypeParametered(declaration)) return false;
  const [first] = declaration.getTypeParameters();
  return first !== undefined && first.getDefault() === undefined;
}

/** The type parameters of a declaration, bound to the arguments given or to their defaults. */
export function bind(
  declaration: TypeAliasDeclaration | InterfaceDeclaration,
  given: readonly Written[],
): Bindings {
  const bound = new Map<Node, Written>();
  for (const [index, parameter] of declaration.getTypeParameters().entries()) {
    const otherwise = parameter.getDefault();
    const value = given[index] ?? (otherwise && { node: otherwise, bound });
    if (value !== undefined) bound.set(parameter, value);
  }
  return bound;
}

function classify(reading: Reading, declaration: Node, given: readonly Written[]): Target {
  const name = Node.hasName(declaration) ? declaration.getName() : "";
  const home = reading.homeOf(declaration);
  if (home === "language") return { kind: "library", name, arguments: given };
  if (home === "standard") return { kind: "global", name, arguments: given };
  if (Node.isInterfaceDeclaration(declaration)) {
    return { kind: "interface", declaration, arguments: given };
  }
  if (Node.isClassDeclaration(declaration)) return { kind: "class", declaration };
  if (Node.isEnumDeclaration(declaration)) return { kind: "enum", declaration };
  return { kind: "open" };
}

/** The declaration that a name means, through imports and re-exports. */
function declarationOf(node: Reference): Node | undefined {
  const symbol = nameOf(node)?.getSymbol();
  const declarations = symbol === undefined ? [] : through(symbol).getDeclarations();
  return declarations.find(isTypeDeclaration) ?? declarations[0];
}

function nameOf(node: Reference): Node | undefined {
  if (Node.isTypeReference(node)) return last(node.getTypeName());
  if (Node.isImportTypeNode(node)) {
    const qualifier = node.getQualifier();
    return qualifier && last(qualifier);
  }
  const expression = node.getExpression();
  return Node.isPropertyAccessExpression(expression) ? expression.getNameNode() : expression;
}

const last = (name: Node): Node => (Node.isQualifiedName(name) ? name.getRight() : name);

/** A name may be a value too: `const Order` beside `interface Order`. */
const isTypeDeclaration = (node: Node): boolean =>
  Node.isInterfaceDeclaration(node) ||
  Node.isTypeAliasDeclaration(node) ||
  Node.isTypeParameterDeclaration(node) ||
  Node.isClassDeclaration(node) ||
  Node.isEnumDeclaration(node);
