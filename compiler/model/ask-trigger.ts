import type { Span } from "./span.ts";
import type { TypeModel } from "./type.ts";

/** Questions, which are the records of an internal topic. */
export interface AskTriggerModel {
  readonly kind: "ask";
  readonly topic: string;
  /** Absent where the function returns nothing. */
  readonly answer?: TypeModel;
  /** The topic of the answers. */
  readonly answers: string;
  /** Answers go out with the commit. */
  readonly committed?: true;
  /** How many questions are answered at once, where it is said. */
  readonly lanes?: number;
}

/** A parameter that asks a function. */
export interface ClientModel {
  readonly kind: "client";
  readonly parameter: string;
  /** The name of the function that is asked. */
  readonly asks: string;
  /** It is only used to `cast`. */
  readonly castsOnly?: true;
  readonly span: Span;
}

/** A check of the running pipeline, at an interval. */
export interface CheckTriggerModel {
  readonly kind: "check";
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** The topic of the reports. */
  readonly reports: string;
  readonly leader: true;
}

/** A parameter that waits for what comes of a probe. */
export interface SignalModel {
  readonly kind: "signal";
  readonly parameter: string;
  readonly topic: string;
  readonly span: Span;
}
