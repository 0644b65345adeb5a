import { StreamgenError } from "../../errors.ts";

/** A thrown thing as an error with a code: its own, where it has one. */
export function named(cause: unknown, code: `SG${number}`, what: string): StreamgenError {
  if (cause instanceof StreamgenError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StreamgenError(code, `${what}: ${reason}`, {}, cause);
}
