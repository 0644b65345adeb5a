import type { FunctionModel } from "./topology.ts";

export type BeginningModel =
  /** Behind the last record that is there. */
  | { readonly kind: "latest" }
  /** With the first record that is not older, by the timestamps in the log. */
  | { readonly kind: "time"; readonly time: string }
  /** The same, so long before the first start. */
  | { readonly kind: "ago"; readonly ms: number };

/** How many records a function gets at once. */
export interface BatchModel {
  readonly max: number;
  readonly withinMs: number;
  /** Whether it gets records with keys and places instead of values. */
  readonly events?: true;
}

/** A repartition: `source` is read, and written to the trigger's topic under another key. */
export interface GroupByModel {
  readonly source: string;
  readonly by:
    | { readonly kind: "field"; readonly field: string }
    | { readonly kind: "function"; readonly function: FunctionModel }
    /** By its own key: a declared topic that the records go through. */
    | { readonly kind: "topic" };
}
