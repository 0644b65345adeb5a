/**
 * Keys of several parts, in an order that compares them part by part, whatever bytes they have:
 *
 *     part ::= its bytes, where 00 is 00 FF    00 01
 *
 * The last one of a key is written as it is.
 */
import type { Writer } from "../codec/writer.ts";

const zeroByte = 0x00;
const escapeByte = 0xff;
const endByte = 0x01;

/** Appends `bytes[0, length)` as a part that others follow. */
export function appendPart(to: Writer, bytes: Buffer, length: number): void {
  to.need(length * 2 + 2);
  let at = to.position;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index] ?? zeroByte;
    to.bytes[at++] = byte;
    if (byte === zeroByte) to.bytes[at++] = escapeByte;
  }
  to.bytes[at++] = zeroByte;
  to.bytes[at++] = endByte;
  to.position = at;
}

/** Appends the bytes of the part that begins at `start`. */
export function readPart(to: Writer, bytes: Buffer, start: number): void {
  const end = behindPart(bytes, start) - 2;
  to.need(Math.max(0, end - start));
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? zeroByte;
    to.bytes[to.position++] = byte;
    if (byte === zeroByte) at += 1;
  }
}

/** Where the part that begins at `start` has ended; behind all bytes, where it has no end. */
export function behindPart(bytes: Buffer, start: number): number {
  let at = bytes.indexOf(zeroByte, start);
  while (at >= 0 && bytes[at + 1] === escapeByte) at = bytes.indexOf(zeroByte, at + 2);
  return at < 0 ? bytes.length : at + 2;
}
