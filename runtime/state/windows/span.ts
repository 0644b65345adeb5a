import { StreamgenError } from "../../errors.ts";

/** A length of time as pipelines write it. */
export type Span = `${bigint}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "1h" in milliseconds. Throws SG8301 for what is no length of time. */
export function spanMs(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ""] ?? Number.NaN);
  if (Number.isSafeInteger(ms)) return ms;
  throw new StreamgenError(
    "SG8301",
    `"${text}" is no length of time: write a whole number and a unit, such as "30s" or "1h"`,
  );
}
