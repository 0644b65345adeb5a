import { StreamgenError } from "../errors.ts";

/** A length of time as the language writes it: "250ms", "30s", "10m", "1h", "7d". */
export type Span = `${bigint}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs: ReadonlyMap<string | undefined, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Milliseconds. Throws SG8702 for what is no length of time. */
export function spanMs(span: Span): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(String(span)) ?? [];
  const one = unitMs.get(unit);
  if (one !== undefined) return Number(count) * one;
  throw new StreamgenError(
    "SG8702",
    `"${span}" is no length of time: write a whole number and a unit, such as "10m"`,
  );
}
