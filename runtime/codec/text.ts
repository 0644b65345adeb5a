/**
 * Text from and to UTF-8. Short ASCII, the bulk of what records hold, never leaves JavaScript: a call
 * into Node costs more than sixteen characters do (`bench/codec`). Bytes that are no UTF-8 become
 * U+FFFD, as everywhere in Node; keys check before.
 */
import { byteAt } from "./byte.ts";
import { failValue } from "./fail.ts";
import { putVarint } from "./varint.ts";

const asciiMax = 16;

/** Up to this many characters take at most 63 bytes, whose length is one byte for certain. */
const oneByteLengthMax = 21;

/** The text of `length` bytes from `at` on. */
export function readText(bytes: Buffer, at: number, length: number): string {
  if (length <= asciiMax) {
    const text = shortAscii(bytes, at, length);
    if (text !== undefined) return text;
  }
  return bytes.toString("utf8", at, at + length);
}

/** `String.fromCharCode` is fast only with a fixed number of arguments. */
const chars: (...codes: number[]) => string = String.fromCharCode;

function shortAscii(bytes: Buffer, at: number, length: number): string | undefined {
  if (length <= 4) return ascii4(bytes, at, length);
  if (length <= 8) return ascii8(bytes, at, length);
  return length <= 12 ? ascii12(bytes, at, length) : ascii16(bytes, at, length);
}

function ascii4(bytes: Buffer, at: number, length: number): string | undefined {
  if (length === 0) return "";
  const a = byteAt(bytes, at);
  const head = a;
  if (length === 1) return head < 128 ? chars(a) : undefined;
  const b = byteAt(bytes, at + 1);
  if (length === 2) return (head | b) < 128 ? chars(a, b) : undefined;
  const c = byteAt(bytes, at + 2);
  if (length === 3) return (head | b | c) < 128 ? chars(a, b, c) : undefined;
  const d = byteAt(bytes, at + 3);
  return (head | b | c | d) < 128 ? chars(a, b, c, d) : undefined;
}

function ascii8(bytes: Buffer, at: number, length: number): string | undefined {
  const a = byteAt(bytes, at);
  const b = byteAt(bytes, at + 1);
  const c = byteAt(bytes, at + 2);
  const d = byteAt(bytes, at + 3);
  const e = byteAt(bytes, at + 4);
  const head = a | b | c | d | e;
  if (length === 5) return head < 128 ? chars(a, b, c, d, e) : undefined;
  const f = byteAt(bytes, at + 5);
  if (length === 6) return (head | f) < 128 ? chars(a, b, c, d, e, f) : undefined;
  const g = byteAt(bytes, at + 6);
  if (length === 7) return (head | f | g) < 128 ? chars(a, b, c, d, e, f, g) : undefined;
  const h = byteAt(bytes, at + 7);
  return (head | f | g | h) < 128 ? chars(a, b, c, d, e, f, g, h) : undefined;
}

function ascii12(bytes: Buffer, at: number, length: number): string | undefined {
  const a = byteAt(bytes, at);
  const b = byteAt(bytes, at + 1);
  const c = byteAt(bytes, at + 2);
  const d = byteAt(bytes, at + 3);
  const e = byteAt(bytes, at + 4);
  const f = byteAt(bytes, at + 5);
  const g = byteAt(bytes, at + 6);
  const h = byteAt(bytes, at + 7);
  const i = byteAt(bytes, at + 8);
  const head = a | b | c | d | e | f | g | h | i;
  if (length === 9) return head < 128 ? chars(a, b, c, d, e, f, g, h, i) : undefined;
  const j = byteAt(bytes, at + 9);
  if (length === 10) return (head | j) < 128 ? chars(a, b, c, d, e, f, g, h, i, j) : undefined;
  const k = byteAt(bytes, at + 10);
  if (length === 11)
    return (head | j | k) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k) : undefined;
  const l = byteAt(bytes, at + 11);
  return (head | j | k | l) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l) : undefined;
}

function ascii16(bytes: Buffer, at: number, length: number): string | undefined {
  const a = byteAt(bytes, at);
  const b = byteAt(bytes, at + 1);
  const c = byteAt(bytes, at + 2);
  const d = byteAt(bytes, at + 3);
  const e = byteAt(bytes, at + 4);
  const f = byteAt(bytes, at + 5);
  const g = byteAt(bytes, at + 6);
  const h = byteAt(bytes, at + 7);
  const i = byteAt(bytes, at + 8);
  const j = byteAt(bytes, at + 9);
  const k = byteAt(bytes, at + 10);
  const l = byteAt(bytes, at + 11);
  const m = byteAt(bytes, at + 12);
  const head = a | b | c | d | e | f | g | h | i | j | k | l | m;
  if (length === 13) return head < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m) : undefined;
  const n = byteAt(bytes, at + 13);
  if (length === 14)
    return (head | n) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n) : undefined;
  const o = byteAt(bytes, at + 14);
  if (length === 15)
    return (head | n | o) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) : undefined;
  const p = byteAt(bytes, at + 15);
  return (head | n | o | p) < 128
    ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    : undefined;
}

/**
 * Writes a string with its length before it and gives the position behind it. Three bytes for each
 * character and five more must be free. Throws SG5010 for a lone surrogate, which UTF-8 cannot say.
 */
export function putText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length > oneByteLengthMax) return putLongText(bytes, at, text);
  let position = at + 1;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return putShortText(bytes, at, text);
    bytes[position++] = code;
  }
  bytes[at] = length << 1;
  return position;
}

/** Writes a string's bytes alone; three bytes for each character must be free. */
export function putBareText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  let position = at;
  if (length <= oneByteLengthMax) {
    for (; position < at + length; position++) {
      const code = text.charCodeAt(position - at);
      if (code > 127) break;
      bytes[position] = code;
    }
    if (position === at + length) return position;
  }
  const written = bytes.write(text, at, "utf8");
  if (written !== length && !isWellFormed(text)) failValue(text, "text without lone surrogates");
  return at + written;
}

/** Text of up to 21 characters, not all of them ASCII. */
function putShortText(bytes: Buffer, at: number, text: string): number {
  let position = at + 1;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    position = putCodePoint(bytes, position, code, text);
    if (code > 0xffff) index += 1;
  }
  bytes[at] = (position - at - 1) << 1;
  return position;
}

function putCodePoint(bytes: Buffer, at: number, code: number, text: string): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = 0x80 | (code & 63);
    return at + 2;
  }
  if (code < 0x10000) {
    if (code >= 0xd800 && code < 0xe000) failValue(text, "text without lone surrogates");
    bytes[at] = 0xe0 | (code >> 12);
    bytes[at + 1] = 0x80 | ((code >> 6) & 63);
    bytes[at + 2] = 0x80 | (code & 63);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 63);
  bytes[at + 2] = 0x80 | ((code >> 6) & 63);
  bytes[at + 3] = 0x80 | (code & 63);
  return at + 4;
}

/** Writes behind a guessed length, as for ASCII, and moves what was written if the guess was wrong. */
function putLongText(bytes: Buffer, at: number, text: string): number {
  const guess = lengthSize(text.length);
  const written = bytes.write(text, at + guess, "utf8");
  if (written !== text.length && !isWellFormed(text)) {
    failValue(text, "text without lone surrogates");
  }
  const size = lengthSize(written);
  if (size !== guess) bytes.copyWithin(at + size, at + guess, at + guess + written);
  return putVarint(bytes, at, written << 1) + written;
}

/** How many bytes a length takes. */
function lengthSize(length: number): number {
  if (length < 0x40) return 1;
  if (length < 0x2000) return 2;
  if (length < 0x100000) return 3;
  return length < 0x8000000 ? 4 : 5;
}

const loneSurrogate = /\p{Surrogate}/u;

/** Whether every surrogate has its other half. */
export function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}
