import type { BatchCursor } from "../log/batch-cursor.ts";
import { ByteMap, type HashedKey, hashBytes } from "./byte-map.ts";
import { ownCopy } from "./own-copy.ts";

/** What changelogs are made with as `min.compaction.lag.ms`. */
export const compactionLagMs = 600_000;
/** Part of it after which a record may have been compacted over: reading takes its time. */
const certainPart = 0.8;

interface StaleRow extends HashedKey {
  /** The last value, where it may have outlived the committed one; `undefined` where it cannot. */
  survivor: Buffer | undefined;
}

/**
 * Keys with changelog records behind the committed end. Compaction keeps the last record of each key,
 * committed or not: after `min.compaction.lag.ms` one behind the end may have taken the place of the
 * committed one.
 */
export class StaleRows {
  readonly #rows = new ByteMap<StaleRow>();
  readonly #certainFromMs: number;

  /** `nowMs` is in milliseconds since 1970. */
  constructor(nowMs: number) {
    this.#certainFromMs = nowMs - compactionLagMs * certainPart;
  }

  get keys(): readonly Buffer[] {
    return this.#rows.entries().map(({ key }) => key);
  }

  /** Rows whose committed record compaction may have removed, with what it has left. */
  *survivors(): Generator<readonly [key: Buffer, value: Buffer]> {
    for (const { key, survivor } of this.#rows.entries()) {
      if (survivor !== undefined) yield [key, survivor];
    }
  }

  add({ bytes, keyStart, keyEnd, timestamp, valueStart, valueEnd }: BatchCursor): void {
    const key = bytes.subarray(Math.max(0, keyStart), Math.max(0, keyEnd));
    const hash = hashBytes(key);
    const isCertain = timestamp >= this.#certainFromMs;
    const survivor =
      isCertain || valueStart < 0
        ? undefined
        : ownCopy(bytes.subarray(valueStart, valueEnd), valueEnd - valueStart);
    const known = this.#rows.get(key, hash);
    if (known === undefined) this.#rows.add({ key: ownCopy(key, key.length), hash, survivor });
    else if (survivor !== undefined) known.survivor = survivor;
  }
}
