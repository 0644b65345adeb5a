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
  /** Counts have whole numbers, the others the values themselves. */
  readonly kind: "count" | "value";
  readonly hasDefault: boolean;
}

export type Step =
  | { readonly do: "skip" | "fail" | "reject"; readonly when: Condition }
  | { readonly do: "change" }
  | { readonly do: "count"; readonly table: number; readonly add: "one" | "n" }
  | { readonly do: "look"; readonly table: number }
  | { readonly do: "keep"; readonly table: number }
  | { readonly do: "drop"; readonly table: number; readonly when: Condition }
  | { readonly do: "send"; readonly content: Content }
  | { readonly do: "forward" };

/** What is sent where: texts to "lines", keys with numbers to "tallies" and "latest", the value to "same". */
export type Content =
  | { readonly to: "lines"; readonly fields: readonly string[] }
  | { readonly to: "tallies"; readonly of: "n" | "count" | "look" }
  | { readonly to: "latest"; readonly of: "n" | "count" | "look" | "nothing" }
  | { readonly to: "same" };

export interface Agent {
  readonly number: number;
  /** The number of its input, or the topic "tallies". */
  readonly from: number | "tallies";
  readonly trigger: "each" | "event" | "stream" | "stream events" | "stream items";
  readonly groupBy?: "field" | "function";
  readonly onError: "stop" | "skip";
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
