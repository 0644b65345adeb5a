import { failValue } from "./fail.ts";

const longSignBit = -0x8000000000000000n;

/** The bits of a double. */
export function doubleBits(key: number): bigint {
  if (typeof key !== "number") failValue(key, "a number");
  const bits = new DataView(new ArrayBuffer(8));
  // One zero, and one of the many NaNs.
  bits.setFloat64(0, key === 0 ? 0 : Number.isNaN(key) ? Number.NaN : key);
  return bits.getBigInt64(0);
}

export function bitsDouble(key: bigint): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigInt64(0, key);
  return bits.getFloat64(0);
}

/** Positive numbers get a set sign bit; negative ones are inverted, for they sort the other way round. */
export function sortableBits(bits: bigint): bigint {
  return bits >= 0n ? bits ^ longSignBit : ~bits;
}

export function bitsOfSortable(sortable: bigint): bigint {
  return sortable < 0n ? sortable ^ longSignBit : ~sortable;
}
