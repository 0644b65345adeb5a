import {
  type ArrowFunction,
  type ConstructorDeclaration,
  type FunctionDeclaration,
  type FunctionExpression,
  type GetAccessorDeclaration,
  type MethodDeclaration,
  Node,
  type SetAccessorDeclaration,
} from "ts-morph";
import { idOfValue, join, other, unseen, type Value } from "./place.ts";

/** Everything that has parameters and a body of its own. */
export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunction
  | MethodDeclaration
  | ConstructorDeclaration
  | GetAccessorDeclaration
  | SetAccessorDeclaration;

export function isFunctionNode(node: Node | undefined): node is FunctionNode {
  return (
    Node.isFunctionDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isArrowFunction(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isConstructorDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node)
  );
}

/** The function that a declaration is local to; undefined for what a module declares. */
export function functionAround(declaration: Node): FunctionNode | undefined {
  return declaration.getFirstAncestor(isFunctionNode);
}

/**
 * One call of a function: what its parameters and variables are. A variable is all that is ever put
 * into it, wherever in the body that happens, so the order of statements does not matter. That
 * takes a second look when something is put into a variable after it was looked at: see `settle`.
 */
export class Frame {
  readonly fn: FunctionNode;
  /** The frame of the function around this one. */
  readonly parent: Frame | undefined;
  /** Whether what is returned here is emitted by the agent. */
  readonly emits: boolean;
  readonly #values = new Map<Node, Value>();
  readonly #asked = new Set<Node>();
  #returns: Value = unseen;
  #isDirty = false;

  constructor(fn: FunctionNode, parent: Frame | undefined, emits: boolean) {
    this.fn = fn;
    this.parent = parent;
    this.emits = emits;
  }

  /** All that is returned or, by an agent, yielded. */
  get returns(): Value {
    return this.#returns;
  }

  /** This frame or the one around it that runs `fn`. */
  running(fn: FunctionNode): Frame | undefined {
    return this.fn === fn ? this : this.parent?.running(fn);
  }

  valueOf(declaration: Node): Value {
    this.#asked.add(declaration);
    return this.#values.get(declaration) ?? unseen;
  }

  bind(declaration: Node, value: Value): void {
    const before = this.#values.get(declaration);
    const after = before === undefined ? value : join(before, value);
    if (before !== undefined && idOfValue(before) === idOfValue(after)) return;
    this.#values.set(declaration, after);
    if (this.#asked.has(declaration)) this.#isDirty = true;
  }

  giveBack(value: Value): void {
    this.#returns = join(this.#returns, value);
  }

  /**
   * Whether the walk that ended saw all that its variables can be. What was looked at and never
   * bound is bound by something unknown, so it can be anything.
   */
  settle(): boolean {
    for (const declaration of this.#asked) {
      if (!this.#values.has(declaration)) this.bind(declaration, other);
    }
    const settled = !this.#isDirty;
    this.#isDirty = false;
    return settled;
  }
}
