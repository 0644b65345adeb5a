import type { Node } from "ts-morph";
import type { Findings } from "./findings.ts";
import type { Frame, FunctionNode } from "./frame.ts";
import type { PartPlace, Value } from "./place.ts";

/** What all parts of the analysis share while one agent's body is walked. */
export interface Walk {
  readonly findings: Findings;
  /** The whole value. */
  readonly value: PartPlace;
  /** The whole key. */
  readonly key: PartPlace;
  /** The function that gives the stream's key, when it gives the same each time. */
  readonly keyFunction: FunctionNode | undefined;
  /** What a node may be; everything in it is walked. */
  readonly evaluate: (node: Node, frame: Frame) => Value;
  /** Walks the body of a function with these arguments, and says what it gives back. */
  readonly run: (call: Call) => Value;
}

export interface Call {
  readonly fn: FunctionNode;
  readonly args: readonly Value[];
  /** The frame in which the call is written. */
  readonly frame: Frame;
}
