import type { ByteRange } from "./cache/chunks.ts";

/** The bytes of a range, in a buffer of their own. */
export function copyOf(range: ByteRange | undefined): Buffer | undefined {
  return range === undefined
    ? undefined
    : Buffer.from(range.bytes.subarray(range.start, range.end));
}
