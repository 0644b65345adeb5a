import type { ContextHandle, LogFields } from "../../worker/scope.ts";

export interface ContextParts {
  /** What `now()` gives. Default 0. */
  readonly now?: number | Date;
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
}

export interface FakeContext extends ContextHandle {
  /** What was logged, as "info text name=value". */
  readonly lines: readonly string[];
  /** Counters by name, summed up, and gauges with their last value. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Stands for `Context`. */
export function context(parts: ContextParts = {}): FakeContext {
  const { now = 0, signal = new AbortController().signal, idempotencyKey = "test/0/0" } = parts;
  const lines: string[] = [];
  const counts = new Map<string, number>();
  const log =
    (level: string) =>
    (text: string, fields: LogFields = {}): void => {
      const shown = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
      lines.push([level, text, ...shown].join(" "));
    };
  return {
    ...{ lines, counts, signal, idempotencyKey },
    log: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    metrics: {
      count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
      gauge: (name, value) => void counts.set(name, value),
    },
    now: () => Number(now),
  };
}
