/**
 * The keys of a database, which holds many tables. Column families would each bring a cache and
 * memtables of their own, and the bindings cannot make one in an open database.
 *
 *     key   ::= 00000000 own | number:u32be rowKey
 *     own   ::= "n"                 the next number that was never given to a table: u32be
 *             | "t" number:u32be    whose rows a number has: an `Entry`, JSON
 *             | "c" number:u32be    their checkpoint, JSON
 */
export const numberBytes = 4;

export const numberMax = 0xffff_ffff;

const entryMark = 0x74;
const checkpointMark = 0x63;

export const nextNumberKey: Buffer = Buffer.from([0, 0, 0, 0, 0x6e]);
export const entriesStart: Buffer = ownKey(entryMark, 0);
/** Behind the last entry. */
export const entriesEnd: Buffer = Buffer.from([0, 0, 0, 0, entryMark + 1]);

export function entryKey(number: number): Buffer {
  return ownKey(entryMark, number);
}

export function checkpointKey(number: number): Buffer {
  return ownKey(checkpointMark, number);
}

/** The number in an entry's key. */
export function entryNumber(key: Buffer): number {
  return key.readUInt32BE(numberBytes + 1);
}

/** A row's key, or where a table begins without one. */
export function rowKey(number: number, key: Uint8Array = new Uint8Array(0)): Buffer {
  const whole = Buffer.allocUnsafeSlow(numberBytes + key.length);
  whole.writeUInt32BE(number, 0);
  whole.set(key, numberBytes);
  return whole;
}

/** Behind a table's last row. The number after the last one is never given out. */
export function tableEnd(number: number): Buffer {
  return rowKey(number + 1);
}

function ownKey(mark: number, number: number): Buffer {
  const key = Buffer.alloc(numberBytes + 1 + numberBytes);
  key[numberBytes] = mark;
  key.writeUInt32BE(number, numberBytes + 1);
  return key;
}
