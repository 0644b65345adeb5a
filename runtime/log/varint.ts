/**
 * Varints as record batches have them: zigzag, then seven bits a byte, the lowest first.
 *
 * ```
 * varint  => byte{1,5}   a 32-bit number
 * varlong => byte{1,10}  a 64-bit number, here exact to 2^53
 * ```
 */

/** Bytes that a varint takes. */
export function varintWidth(value: number): number {
  const bits = (value << 1) ^ (value >> 31);
  if (bits >>> 7 === 0) return 1;
  if (bits >>> 14 === 0) return 2;
  if (bits >>> 21 === 0) return 3;
  return bits >>> 28 === 0 ? 4 : 5;
}

/** Writes a varint and gives the position after it. The caller has made room. */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let bits = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = position;
  while (bits > 0x7f) {
    bytes[next++] = (bits & 0x7f) | 0x80;
    bits >>>= 7;
  }
  bytes[next++] = bits;
  return next;
}

/** Writes a varlong and gives the position after it. The caller has made room for 10 bytes. */
export function writeVarlong(bytes: Uint8Array, position: number, value: number): number {
  const sign = value < 0 ? 1 : 0;
  // Six bits beside the sign, so that doubling never leaves the numbers that a double holds exactly.
  let rest = sign === 1 ? -value - 1 : value;
  let byte = (rest % 64) * 2 + sign;
  rest = Math.floor(rest / 64);
  let next = position;
  while (rest > 0) {
    bytes[next++] = byte | 0x80;
    byte = rest % 128;
    rest = Math.floor(rest / 128);
  }
  bytes[next++] = byte;
  return next;
}
