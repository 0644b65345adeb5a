/**
 * What the two sides of a foreign-key join write to each other, and keep:
 *
 *     subscription ::= 01 partition:i32be leftKey | 00 partition:i32be leftKey      key: the foreign key
 *     response     ::= length:i32be foreignKey 01 row | length:i32be foreignKey 00  key: the left key
 *     link         ::= flags foreignKey             1: it has a result, 2: it has a foreign key
 *     subscriber   ::= partition:i32be
 *
 * Foreign keys are as topics hold them, left keys as stores do, a row is the right table's.
 */
const wordBytes = 4;

export interface Subscription {
  /** Otherwise it ends. */
  readonly begins: boolean;
  /** The left row's. */
  readonly partition: number;
  readonly leftKey: Buffer;
}

export function writeSubscription({ begins, partition, leftKey }: Subscription): Buffer {
  const head = Buffer.alloc(1 + wordBytes);
  head[0] = begins ? 1 : 0;
  head.writeInt32BE(partition, 1);
  return Buffer.concat([head, leftKey]);
}

export function readSubscription(bytes: Buffer): Subscription {
  return {
    begins: bytes[0] === 1,
    partition: bytes.readInt32BE(1),
    leftKey: bytes.subarray(1 + wordBytes),
  };
}

export interface Response {
  readonly foreignKey: Buffer;
  /** The right row; `undefined` where there is none. */
  readonly row: Buffer | undefined;
}

export function writeResponse({ foreignKey, row }: Response): Buffer {
  const head = Buffer.alloc(wordBytes);
  head.writeInt32BE(foreignKey.length);
  const tail = row === undefined ? [Buffer.of(0)] : [Buffer.of(1), row];
  return Buffer.concat([head, foreignKey, ...tail]);
}

export function readResponse(bytes: Buffer): Response {
  const end = wordBytes + bytes.readInt32BE(0);
  return {
    foreignKey: bytes.subarray(wordBytes, end),
    row: bytes[end] === 1 ? bytes.subarray(end + 1) : undefined,
  };
}

/** How a left row stands. */
export interface Link {
  readonly foreignKey: Buffer | undefined;
  /** Whether the function was given a result for it that has not ended. */
  readonly hasResult: boolean;
}

const resultFlag = 1;
const keyFlag = 2;

export function writeLink({ foreignKey, hasResult }: Link): Buffer {
  const flags = (hasResult ? resultFlag : 0) | (foreignKey === undefined ? 0 : keyFlag);
  return Buffer.concat([Buffer.of(flags), foreignKey ?? Buffer.alloc(0)]);
}

export function readLink(bytes: Uint8Array | undefined): Link {
  if (bytes === undefined) return { foreignKey: undefined, hasResult: false };
  const [flags = 0] = bytes;
  return {
    foreignKey: (flags & keyFlag) === 0 ? undefined : Buffer.from(bytes.subarray(1)),
    hasResult: (flags & resultFlag) !== 0,
  };
}

export function writePartition(partition: number): Buffer {
  const bytes = Buffer.alloc(wordBytes);
  bytes.writeInt32BE(partition);
  return bytes;
}

export const readPartition = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(0);
