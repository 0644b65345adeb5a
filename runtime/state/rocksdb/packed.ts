import type { DatabaseRow } from "./database.ts";
import { numberBytes } from "./keys.ts";

/** What stands in place of a value's length where there is no row. */
const missing = 0xffffffff;

/** Keys for the store thread: `(length:u32le key)*`. */
export function packKeys(keys: readonly Uint8Array[]): ArrayBuffer {
  let length = 0;
  for (const key of keys) length += numberBytes + key.length;
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const key of keys) {
    at = bytes.writeUInt32LE(key.length, at);
    bytes.set(key, at);
    at += key.length;
  }
  return ownBuffer(bytes);
}

/** The keys of a table's rows. They lie where the packed ones did, each number over its length. */
export function rowKeysIn(packed: ArrayBuffer, number: number): readonly Buffer[] {
  const bytes = Buffer.from(packed);
  const keys: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + numberBytes + bytes.readUInt32LE(at);
    bytes.writeUInt32BE(number, at);
    keys.push(bytes.subarray(at, end));
    at = end;
  }
  return keys;
}

/** Values in the order of their keys: `(length:u32le value)*`. */
export function packValues(values: readonly (Buffer | undefined)[]): ArrayBuffer {
  let length = 0;
  for (const value of values) length += 4 + (value?.length ?? 0);
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const value of values) {
    at = bytes.writeUInt32LE(value?.length ?? missing, at);
    if (value === undefined) continue;
    bytes.set(value, at);
    at += value.length;
  }
  return ownBuffer(bytes);
}

/** The packed values, as views of what was packed. */
export function valuesIn(packed: ArrayBuffer): readonly (Buffer | undefined)[] {
  const bytes = Buffer.from(packed);
  const values: (Buffer | undefined)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (length === missing) values.push(undefined);
    else {
      values.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return values;
}

/** Rows of a table, without its number: `(keyLength:u32le valueLength:u32le key value)*`. */
export function packPage(rows: readonly DatabaseRow[]): ArrayBuffer {
  let length = 0;
  for (const [key, value] of rows) length += 8 - numberBytes + key.length + value.length;
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const [key, value] of rows) {
    at = bytes.writeUInt32LE(key.length - numberBytes, at);
    at = bytes.writeUInt32LE(value.length, at);
    bytes.set(key.subarray(numberBytes), at);
    at += key.length - numberBytes;
    bytes.set(value, at);
    at += value.length;
  }
  return ownBuffer(bytes);
}

/** `bytes` come from `allocUnsafeSlow`, so that their memory is theirs alone and never shared. */
function ownBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer as ArrayBuffer;
}
