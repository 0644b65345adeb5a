import type { Log, OffsetRange } from "../log/log.ts";
import { refuse } from "./arguments.ts";

/** Where reading begins: in each partition, or at a moment. */
export type Place =
  | { readonly kind: "start" | "end" }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "time"; readonly timeMs: number };

/** Understands `--from`; throws a `Refusal`. */
export function parsePlace(text: string): Place {
  if (text === "start" || text === "end") return { kind: text };
  if (/^\d{1,15}$/.test(text)) return { kind: "offset", offset: Number(text) };
  const timeMs = parseTime(text);
  if (timeMs !== undefined) return { kind: "time", timeMs };
  return refuse(
    `--from is "${text}"`,
    "write start, end, an offset, or a time such as 2026-11-21T09:30:00Z",
  );
}

/** Milliseconds since 1970 of an ISO 8601 date, or of a date and a time with its zone. */
export function parseTime(text: string): number | undefined {
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;
  const timeMs = shape.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The offset that each partition is read from, in their order: never outside what it holds. */
export async function firstOffsets(
  place: Place,
  ranges: readonly OffsetRange[],
  log: Log,
): Promise<readonly number[]> {
  switch (place.kind) {
    case "start":
      return ranges.map(({ start }) => start);
    case "end":
      return ranges.map(({ stableEnd }) => stableEnd);
    case "offset":
      return ranges.map(({ start, end }) => Math.min(end, Math.max(start, place.offset)));
    case "time":
      return log.offsetsAt(ranges, place.timeMs);
  }
}
