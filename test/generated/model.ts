/**
 * A pipeline as data: what the generator makes up, the printer writes as TypeScript, and the interpreter
 * works out without any of streamgen. Names are fixed by number, so that a part can be left out.
 */

export type FieldType =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "symbols"; readonly symbols: readonly string[] }
  | { readonly kind: "array" | "map" | "nullable"; readonly of: FieldType }
  | { readonly kind: "part"; readonly of: FieldType };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly isOptional: boolean;
}

/** Topic `in<number>` with values `In<number>`: k, g, n, at, and further fields. */
export interface Input {
  readonly number: number;
  readonly keyType: "string" | "Int" | "Long" | "Uuid";
  /** By a field, by a function, beside the value, or not at all. */
  readonly key: "field" | "function" | "own" | "none";
  readonly hasTime: boolean;
  /** Whether records come late, and far ahead of the clock, now and then. */
  readonly isUneven: boolean;
  readonly isCompacted: boolean;
  readonly format: "avro" | "json" | "single-object" | "bare";
  readonly partitions: number;
  readonly fields: readonly Field[];
}

/** `n % divisor === rest`, of the value's field `n`. */
export interface Condition {
  readonly divisor: number;
  readonly rest: number;
}

export interface TableModel {
  readonly number: number;
  /** Counts have whole numbers, by window or not; sets have the field `g`, the others the values themselves. */
  readonly kind: "count" | "value" | "set" | "windows";
  readonly hasDefault: boolean;
  /** Of `windows` only. */
  readonly windows?: Windows;
}

/** How windows lie, in milliseconds. */
export interface Windows {
  readonly size: number;
  readonly advance: number;
  readonly grace: number;
  readonly expires: number;
  /** Whether a function gets closed windows, and whether the last ones wait for more records. */
  readonly closed: "no" | "idle" | "never";
}

/** A number that is sent. */
export type Figure = "n" | "count" | "look" | "window" | "size";

export type Step =
  | { readonly do: "skip" | "fail" | "reject"; readonly when: Condition }
  | { readonly do: "change" }
  | { readonly do: "count"; readonly table: number; readonly add: "one" | "n" }
  | { readonly do: "window"; readonly table: number; readonly add: "one" | "n" }
  | { readonly do: "add"; readonly table: number }
  | { readonly do: "remove"; readonly table: number; readonly when: Condition }
  | { readonly do: "look"; readonly table: number }
  | { readonly do: "keep"; readonly table: number }
  | { readonly do: "drop"; readonly table: number; readonly when: Condition }
  | { readonly do: "send"; readonly content: Content }
  | { readonly do: "forward" };

/** What is sent where: texts to "lines", keys with numbers to "tallies" and "latest", the value to "same". */
export type Content =
  | { readonly to: "lines"; readonly fields: readonly string[] }
  | { readonly to: "tallies"; readonly of: Figure }
  | { readonly to: "latest"; readonly of: Figure | "nothing" }
  | { readonly to: "same" };

export type Trigger =
  | "each"
  | "event"
  | "stream"
  | "stream events"
  | "stream items"
  | "batch"
  | "batch events";

export interface Agent {
  readonly number: number;
  /** The number of its input, both of them as a union, or the topic "tallies". */
  readonly from: number | "both" | "tallies";
  readonly trigger: Trigger;
  readonly groupBy?: "field" | "function";
  readonly onError: "stop" | "skip" | "dead";
  readonly keepsLate: boolean;
  /** It handles several records at once. */
  readonly hasLanes: boolean;
  readonly isAsync: boolean;
  /** Whether its key is put into a constant first. */
  readonly hasAlias: boolean;
  readonly isArrow: boolean;
  readonly steps: readonly Step[];
  /** What it returns or yields, if anything. */
  readonly returns?: { readonly content: Content; readonly as: "value" | "list" | "generator" };
  readonly tables: readonly TableModel[];
  /** Tables that it only reads. */
  readonly lookups: readonly TableModel[];
}

export interface Pipeline {
  readonly inputs: readonly Input[];
  readonly agents: readonly Agent[];
  /** Reports the rows of these tables, of the agent that has them. */
  readonly reports: readonly TableModel[];
  readonly hasBeat: boolean;
  readonly hasStart: boolean;
}

/** A record of an input; `null` is a tombstone. */
export interface Happening {
  readonly input: number;
  readonly at: number;
  readonly key: unknown;
  readonly value: Readonly<Record<string, unknown>> | null;
}

export const startMs: number = Date.UTC(2026, 0, 1);

/** Whether an agent gets the records of an input, or of "tallies". */
export const reads = ({ from }: Agent, topic: number | "tallies"): boolean =>
  from === topic || (from === "both" && topic !== "tallies");

export const isBatch = ({ trigger }: Agent): boolean => trigger.startsWith("batch");

/** What comes from several partitions comes in any order; so do several topics, as far as they have come. */
export const isLoose = ({ from, groupBy }: Agent): boolean =>
  groupBy !== undefined || from === "tallies" || from === "both";
