import { readText } from "./text.ts";

const slots = 256;
const keyLengthMax = 32;

/**
 * Keys of maps, which are few and come again and again: an object takes a string that it has seen
 * before much faster than a new one. One reader's cache holds at most 256 short keys.
 */
export class KeyCache {
  readonly #keys: string[] = Array.from({ length: slots }, () => "");

  /** The text of `length` bytes from `at` on. */
  read(bytes: Buffer, view: DataView, at: number, length: number): string {
    if (length === 0 || length > keyLengthMax) return readText(bytes, view, at, length);
    const slot = slotOf(bytes, at, length);
    const known = this.#keys[slot] ?? "";
    if (known.length === length && isText(bytes, at, known)) return known;
    const key = readText(bytes, view, at, length);
    this.#keys[slot] = key;
    return key;
  }
}

function slotOf(bytes: Buffer, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  const middle = bytes[at + (length >> 1)] ?? 0;
  const last = bytes[at + length - 1] ?? 0;
  return (length * 31 + first * 7 + middle * 5 + last * 13) & (slots - 1);
}

/** Whether the bytes are exactly this text, and ASCII. */
function isText(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== bytes[at + index] || code > 127) return false;
  }
  return true;
}
