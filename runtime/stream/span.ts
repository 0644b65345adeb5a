import { StreamgenError } from "../errors.ts";

/** A length of time: "250ms", "30s", "10m", "1h", "7d". */
export type Span = `${bigint}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time in milliseconds. Throws SG8401 for what is none, for what is negative, and for 0. */
export function spanMs(text: string, what: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ""] ?? Number.NaN);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new StreamgenError("SG8401", `${what} takes a length of time such as "30s", not "${text}"`);
}

/** A number that counts something. Throws SG8401 for any other. */
export function checkCount(count: number, what: string): number {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new StreamgenError("SG8401", `${what} takes a whole number from 1, not ${count}`);
}
