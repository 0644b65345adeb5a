import { StreamgenError } from "../errors.ts";
import { millisOf } from "../span.ts";

/** A length of time in milliseconds. Throws SG8401 for what is none, for what is negative, and for 0. */
export function spanMs(text: string, what: string): number {
  const ms = millisOf(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new StreamgenError("SG8401", `${what} takes a length of time such as "30s", not "${text}"`);
}

/** A number that counts something. Throws SG8401 for any other. */
export function checkCount(count: number, what: string): number {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new StreamgenError("SG8401", `${what} takes a whole number from 1, not ${count}`);
}
