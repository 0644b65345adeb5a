import type { ArrowFunction, FunctionDeclaration, FunctionExpression, Node } from "ts-morph";
import type { Span } from "../../model/span.ts";
import type { ResourceModel } from "../../model/topology.ts";

/** The function of an agent: an exported declaration, or what an exported constant holds. */
export type AgentFunction = FunctionDeclaration | FunctionExpression | ArrowFunction;

/** What the reader of signatures knows about a function before its body is looked at. */
export interface BodyQuestion {
  /**
   * What the first parameter is: a value, a record, a stream, an array of either, a pair of which one is
   * the value that is asked about, or none of these.
   */
  readonly trigger: "value" | "event" | "stream" | "batch" | "events" | "left" | "right" | "other";
  readonly key: StreamKey;
  /** The parameters after the first, in order. */
  readonly resources: readonly ResourceModel[];
  /** Where a node stands, with its file's path from the project's root. */
  readonly spanOf: (node: Node) => Span;
}

/** What the key of each record of a stream is. */
export type StreamKey =
  /** A top-level field of the value. */
  | { readonly kind: "field"; readonly field: string }
  /** What a function makes of the value; `declaration` is a function's or a constant's. */
  | { readonly kind: "function"; readonly declaration: Node }
  | { readonly kind: "unknown" };
