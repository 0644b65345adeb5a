import type { Span } from "./span.ts";
import type { BranchTest } from "./type.ts";

/** What a function's return type emits. */
export interface EmissionModel {
  readonly topic: string;
  /** Further topics, where it emits values for several. */
  readonly also?: readonly string[];
  /** How the values of each are told apart, in the order of the topics; there where there are several. */
  readonly tests?: readonly BranchTest[];
  /** `one`: a value; `optional`: a value or nothing; `many`: an array or generator. */
  readonly shape: "one" | "optional" | "many" | "async-many";
  readonly span: Span;
}
