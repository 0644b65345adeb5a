import { copyBytes } from "../log/copy.ts";

/**
 * A copy of `bytes[0, length)` in memory of its own. Out of Node's pool, a row of a few bytes could keep
 * 8 KiB alive for as long as it lives.
 */
export function ownCopy(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(length);
  copyBytes(bytes, 0, length, copy, 0);
  return copy;
}
