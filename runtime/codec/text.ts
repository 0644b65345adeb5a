/**
 * Text from and to UTF-8. Short ASCII, the bulk of what records hold, never leaves JavaScript: a call
 * into Node costs more than sixteen characters do (`bench/codec`). Bytes that are no UTF-8 become
 * U+FFFD, as everywhere in Node; keys check before. Where it says `as number`, the index is inside
 * the buffer, which the compiler cannot know.
 */
import { failValue } from "./fail.ts";
import { isWellFormed, native } from "./native.ts";
import { decodeUtf8 } from "./utf8.ts";
import { putVarint } from "./varint.ts";

const asciiMax = 16;

/** Up to this many characters are written one by one; a call into Node costs more. */
const loopMax = 44;

/** The text of `length` bytes from `at` on, through `view` of the same bytes. */
export function readText(bytes: Buffer, view: DataView, at: number, length: number): string {
  if (length <= asciiMax) {
    return shortAscii(bytes, at, length) ?? decodeUtf8(bytes, at, at + length);
  }
  if (length > wordsMax) return decodeLong(bytes, view, at, length);
  return isAscii(view, at, length)
    ? native(bytes).latin1Slice(at, at + length)
    : decodeUtf8(bytes, at, at + length);
}

/** As far as looking at all bytes first is cheap. */
const wordsMax = 64;

/** Long text is taken for what its first bytes are; right or wrong, that is about speed only. */
function decodeLong(bytes: Buffer, view: DataView, at: number, length: number): string {
  return isAscii(view, at, wordsMax)
    ? native(bytes).utf8Slice(at, at + length)
    : decodeUtf8(bytes, at, at + length);
}

/** Whether four bytes or more are all ASCII. */
function isAscii(view: DataView, at: number, length: number): boolean {
  const last = at + length - 4;
  let high = view.getInt32(last);
  for (let position = at; position < last; position += 4) high |= view.getInt32(position);
  return (high & 0x80808080) === 0;
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
  const a = bytes[at] as number;
  const head = a;
  if (length === 1) return head < 128 ? chars(a) : undefined;
  const b = bytes[at + 1] as number;
  if (length === 2) return (head | b) < 128 ? chars(a, b) : undefined;
  const c = bytes[at + 2] as number;
  if (length === 3) return (head | b | c) < 128 ? chars(a, b, c) : undefined;
  const d = bytes[at + 3] as number;
  return (head | b | c | d) < 128 ? chars(a, b, c, d) : undefined;
}

function ascii8(bytes: Buffer, at: number, length: number): string | undefined {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  const e = bytes[at + 4] as number;
  const head = a | b | c | d | e;
  if (length === 5) return head < 128 ? chars(a, b, c, d, e) : undefined;
  const f = bytes[at + 5] as number;
  if (length === 6) return (head | f) < 128 ? chars(a, b, c, d, e, f) : undefined;
  const g = bytes[at + 6] as number;
  if (length === 7) return (head | f | g) < 128 ? chars(a, b, c, d, e, f, g) : undefined;
  const h = bytes[at + 7] as number;
  return (head | f | g | h) < 128 ? chars(a, b, c, d, e, f, g, h) : undefined;
}

function ascii12(bytes: Buffer, at: number, length: number): string | undefined {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  const e = bytes[at + 4] as number;
  const f = bytes[at + 5] as number;
  const g = bytes[at + 6] as number;
  const h = bytes[at + 7] as number;
  const i = bytes[at + 8] as number;
  const head = a | b | c | d | e | f | g | h | i;
  if (length === 9) return head < 128 ? chars(a, b, c, d, e, f, g, h, i) : undefined;
  const j = bytes[at + 9] as number;
  if (length === 10) return (head | j) < 128 ? chars(a, b, c, d, e, f, g, h, i, j) : undefined;
  const k = bytes[at + 10] as number;
  if (length === 11)
    return (head | j | k) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k) : undefined;
  const l = bytes[at + 11] as number;
  return (head | j | k | l) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l) : undefined;
}

function ascii16(bytes: Buffer, at: number, length: number): string | undefined {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  const e = bytes[at + 4] as number;
  const f = bytes[at + 5] as number;
  const g = bytes[at + 6] as number;
  const h = bytes[at + 7] as number;
  const i = bytes[at + 8] as number;
  const j = bytes[at + 9] as number;
  const k = bytes[at + 10] as number;
  const l = bytes[at + 11] as number;
  const m = bytes[at + 12] as number;
  const head = a | b | c | d | e | f | g | h | i | j | k | l | m;
  if (length === 13) return head < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m) : undefined;
  const n = bytes[at + 13] as number;
  if (length === 14)
    return (head | n) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n) : undefined;
  const o = bytes[at + 14] as number;
  if (length === 15)
    return (head | n | o) < 128 ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) : undefined;
  const p = bytes[at + 15] as number;
  return (head | n | o | p) < 128
    ? chars(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    : undefined;
}

/**
 * Writes a string with its length before it and gives the position behind it. Three bytes for each
 * character and five more must be free; what is free may change. Throws SG5010 for a lone surrogate, which UTF-8 cannot say.
 */
export function putText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length > loopMax) return putLongText(bytes, at, text);
  const done = putAscii(bytes, at + 1, text);
  if (done < length) return putShortText(bytes, at, text, done);
  bytes[at] = length << 1;
  return at + 1 + length;
}

/** Writes a string's bytes alone; three bytes for each character must be free, and may change. */
export function putBareText(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length <= loopMax && putAscii(bytes, at, text) === length) return at + length;
  const written = native(bytes).utf8Write(text, at);
  if (written !== length) checkSurrogates(bytes, at, at + written, text);
  return at + written;
}

/**
 * Throws SG5010 for a lone surrogate. Node writes U+FFFD in its place, which begins with 0xEF; a byte
 * behind the text ends the search for it. So all but the rarest text is not looked at twice.
 */
function checkSurrogates(bytes: Buffer, at: number, end: number, text: string): void {
  bytes[end] = 0xef;
  if (bytes.indexOf(0xef, at) === end || isWellFormed(text)) return;
  failValue(text, "text without lone surrogates");
}

/** Whether a character code below 128 is no hexadecimal digit. */
const notHex: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-f]/i.test(String.fromCharCode(code)) ? 0 : 1,
);

/**
 * Writes a UUID with its length before it, checking its form on the way, and gives the position behind
 * it; -1 where the text is none. 37 bytes must be free.
 */
export function putUuid(bytes: Buffer, at: number, text: string): number {
  if (text.length !== 36) return -1;
  let wrong = 0;
  for (let index = 0; index < 36; index++) {
    const code = text.charCodeAt(index);
    bytes[at + 1 + index] = code;
    if (code === dash) wrong |= (isDashed[index] as number) ^ 1;
    else wrong |= (isDashed[index] as number) | (notHex[code] ?? 1);
  }
  bytes[at] = 72;
  return wrong === 0 ? at + 37 : -1;
}

const dash = 0x2d;
/** 1 where a UUID has a hyphen. */
const isDashed: Uint8Array = Uint8Array.from({ length: 36 }, (_, index) =>
  [8, 13, 18, 23].includes(index) ? 1 : 0,
);

/** Writes ASCII characters, four at a time, and gives the number of those before the first other. */
function putAscii(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  let index = 0;
  for (; index < length - 3; index += 4) {
    const a = text.charCodeAt(index);
    const b = text.charCodeAt(index + 1);
    const c = text.charCodeAt(index + 2);
    const d = text.charCodeAt(index + 3);
    if ((a | b | c | d) > 127) return index;
    bytes[at + index] = a;
    bytes[at + index + 1] = b;
    bytes[at + index + 2] = c;
    bytes[at + index + 3] = d;
  }
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return index;
    bytes[at + index] = code;
  }
  return length;
}

/** Text of up to 44 characters, the first `done` of them ASCII and written. */
function putShortText(bytes: Buffer, at: number, text: string, done: number): number {
  let position = at + 1 + done;
  for (let index = done; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) bytes[position++] = code;
    else if (code < 0x800) {
      bytes[position++] = 0xc0 | (code >> 6);
      bytes[position++] = 0x80 | (code & 63);
    } else if (code < 0xd800 || code > 0xdfff) {
      bytes[position++] = 0xe0 | (code >> 12);
      bytes[position++] = 0x80 | ((code >> 6) & 63);
      bytes[position++] = 0x80 | (code & 63);
    } else {
      position = putPair(bytes, position, text, index);
      index += 1;
    }
  }
  const written = position - at - 1;
  if (written > 63) return putLengthBefore(bytes, at, 1, written);
  bytes[at] = written << 1;
  return position;
}

/** Writes the character of two surrogates. */
function putPair(bytes: Buffer, at: number, text: string, index: number): number {
  const code = text.codePointAt(index) ?? 0;
  if (code < 0x10000) failValue(text, "text without lone surrogates");
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 63);
  bytes[at + 2] = 0x80 | ((code >> 6) & 63);
  bytes[at + 3] = 0x80 | (code & 63);
  return at + 4;
}

/** Writes behind a length guessed as for ASCII. */
function putLongText(bytes: Buffer, at: number, text: string): number {
  const guess = lengthSize(text.length);
  const written = native(bytes).utf8Write(text, at + guess);
  if (written !== text.length) checkSurrogates(bytes, at + guess, at + guess + written, text);
  return putLengthBefore(bytes, at, guess, written);
}

/** Puts the length of text for which `guess` bytes were left; moves the text if that was wrong. */
function putLengthBefore(bytes: Buffer, at: number, guess: number, written: number): number {
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
