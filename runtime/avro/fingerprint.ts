import { canonicalForm } from "./canonical.ts";
import type { Schema } from "./schema.ts";

const empty = 0xc15d213aa4d7a795n;

/** Avro's CRC-64 of the canonical form, unsigned. It is not CRC-64/XZ. */
export function fingerprint(schema: Schema): bigint {
  let crc = empty;
  for (const byte of Buffer.from(canonicalForm(schema), "utf8")) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? empty : 0n);
  }
  return crc;
}
