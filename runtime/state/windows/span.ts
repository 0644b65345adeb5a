import { StreamgenError } from "../../errors.ts";
import { millisOf } from "../../span.ts";

/** "1h" in milliseconds. Throws SG8301 for what is no length of time. */
export function spanMs(text: string): number {
  const ms = millisOf(text);
  if (ms !== undefined) return ms;
  throw new StreamgenError(
    "SG8301",
    `"${text}" is no length of time: write a whole number and a unit, such as "30s" or "1h"`,
  );
}
