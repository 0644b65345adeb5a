/** Keys between two, as stores hold them: `from` is in, `to` is not. Without bounds, all of them. */
export interface KeyRange {
  readonly from?: Buffer | undefined;
  readonly to?: Buffer | undefined;
}

export const allKeys: KeyRange = {};

/** The keys that begin with these bytes. */
export function keysBeginningWith(prefix: Buffer): KeyRange {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return { from: prefix };
  const to = Buffer.from(prefix.subarray(0, length));
  to.writeUInt8(to.readUInt8(length - 1) + 1, length - 1);
  return { from: prefix, to };
}
