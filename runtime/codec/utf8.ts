/**
 * Decodes UTF-8 that is not all ASCII faster than Node does, up to two thousand bytes
 * (`bench/codec`): into UTF-16 in a buffer, which Node then makes a string of. Malformed bytes are left
 * to Node, so that they become the same U+FFFD. Where it says `as number`, the index is inside the
 * buffer, or what it gives is thrown away; the compiler cannot know.
 */
import { native } from "./native.ts";

/** Longer text is left to Node, whose fixed costs matter less there. */
const bytesMax = 2048;

/**
 * Scratch memory: nothing in it outlives a call. As constants of the module, their addresses are part
 * of the optimised code, which makes a quarter of the speed.
 */
const units: Uint16Array = new Uint16Array(bytesMax);
const unitBytes: Buffer = Buffer.from(units.buffer);
const small: Buffer = Buffer.alloc(bytesMax);

/** What `decodeUnits` gives for bytes that are no UTF-8. */
const malformed = Number.MIN_SAFE_INTEGER;

/** The text from `at` to `end`. */
export function decodeUtf8(bytes: Buffer, at: number, end: number): string {
  const count = end - at > bytesMax ? malformed : decodeUnits(bytes, at, end);
  if (count === malformed) return native(bytes).utf8Slice(at, end);
  const length = count < 0 ? ~count : count;
  if (length < 9) return shortText(length);
  return count < 0 ? smallText(length) : native(unitBytes).ucs2Slice(0, length * 2);
}

/** Text of up to eight units, for which a call into Node costs more than all the rest. */
function shortText(count: number): string {
  const a = units[0] as number;
  const b = units[1] as number;
  const c = units[2] as number;
  const d = units[3] as number;
  if (count < 5) return count < 4 ? tinyText(count, a, b, c) : chars(a, b, c, d);
  const e = units[4] as number;
  if (count === 5) return chars(a, b, c, d, e);
  const f = units[5] as number;
  if (count === 6) return chars(a, b, c, d, e, f);
  const g = units[6] as number;
  return count === 7 ? chars(a, b, c, d, e, f, g) : chars(a, b, c, d, e, f, g, units[7] as number);
}

function tinyText(count: number, a: number, b: number, c: number): string {
  if (count === 1) return chars(a);
  return count === 2 ? chars(a, b) : chars(a, b, c);
}

/** `String.fromCharCode` is fast only with a fixed number of arguments. */
const chars: (...codes: number[]) => string = String.fromCharCode;

/** Text of characters below 256, one byte for each, as V8 keeps such text. */
function smallText(count: number): string {
  for (let index = 0; index < count; index++) small[index] = units[index] as number;
  return native(small).latin1Slice(0, count);
}

/**
 * Fills `units` with the UTF-16 of the bytes and gives their number, inverted where all of them are
 * below 256; or `malformed`. It may look at bytes behind the end, and refuses the text if it did.
 */
function decodeUnits(bytes: Buffer, at: number, end: number): number {
  let count = 0;
  let all = 0;
  let wrong = 0;
  let position = at;
  while (position < end) {
    const lead = bytes[position] as number;
    if (lead < 0x80) {
      units[count++] = lead;
      position += 1;
    } else if (lead < 0xe0) {
      const second = bytes[position + 1] as number;
      const code = ((lead & 0x1f) << 6) | (second & 0x3f);
      if (lead < 0xc2) return malformed;
      wrong |= (second ^ 0x80) & 0xc0;
      all |= code;
      units[count++] = code;
      position += 2;
    } else if (lead < 0xf0) {
      const second = bytes[position + 1] as number;
      const third = bytes[position + 2] as number;
      const code = ((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
      if (code < 0x800 || (code & 0xf800) === 0xd800) return malformed;
      wrong |= ((second ^ 0x80) | (third ^ 0x80)) & 0xc0;
      all |= code;
      units[count++] = code;
      position += 3;
    } else {
      wrong |= putFourBytes(bytes, position, count);
      all = -1;
      count += 2;
      position += 4;
    }
  }
  return outcome(count, all, wrong | (position ^ end));
}

function outcome(count: number, all: number, wrong: number): number {
  if (wrong !== 0) return malformed;
  return (all & ~0xff) === 0 ? ~count : count;
}

/** Puts the two units of four bytes at `count`; gives 0 unless the bytes are wrong. */
function putFourBytes(bytes: Buffer, at: number, count: number): number {
  const lead = bytes[at] as number;
  const second = bytes[at + 1] as number;
  const third = bytes[at + 2] as number;
  const fourth = bytes[at + 3] as number;
  const code =
    ((lead & 7) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  units[count] = 0xd7c0 + (code >> 10);
  units[count + 1] = 0xdc00 | (code & 0x3ff);
  if (lead > 0xf4 || code < 0x10000 || code > 0x10ffff) return 1;
  return ((second ^ 0x80) | (third ^ 0x80) | (fourth ^ 0x80)) & 0xc0;
}
