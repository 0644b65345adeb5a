import { StreamgenError } from "../../errors.ts";
import { BatchWriter } from "../../log/batch-writer.ts";
import type { Waiting } from "../../state/joins/join-buffer.ts";
import type { UnmatchedRows } from "../../state/joins/unmatched-rows.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { JoinHalf } from "./join-half.ts";

export interface PairingOptions<V, W> {
  readonly own: JoinHalf<V>;
  readonly other: JoinHalf<W>;
  /** Where records of this side that have no partner go, and those of the other; absent: nowhere. */
  readonly ownUnmatched: UnmatchedRows | undefined;
  readonly otherUnmatched: UnmatchedRows | undefined;
  readonly mayChangeValues: boolean;
  /** Calls the user's function. */
  call(own: V, other: W): unknown;
}

interface Partner<W> {
  readonly time: number;
  readonly offset: number;
  readonly value: W;
}

/**
 * What a join does with each record of one side: pairs it with those of the other that wait, by time
 * and then as they came, and lets it wait for later ones.
 */
export class Pairing<V, W> {
  readonly #task: TaskCore;
  readonly #options: PairingOptions<V, W>;
  readonly #batch = new BatchWriter();

  constructor(task: TaskCore, options: PairingOptions<V, W>) {
    this.#task = task;
    this.#options = options;
  }

  /** Gives a promise only where the function does, or where a schema has to be asked for. */
  run(record: LoadedRecord<V>): unknown {
    const { value, timestamp } = record;
    const { time, core } = this.#task;
    if (value === null) return undefined;
    if (time.isAhead || !this.#options.own.reach.isOpen(timestamp, time.streamTime)) {
      core.services.signals.count("late");
      return undefined;
    }
    return this.#meet(record, value);
  }

  #meet(record: LoadedRecord<V>, value: V): unknown {
    const { other } = this.#options;
    const found = this.#find(record);
    let partners: readonly Partner<W>[];
    try {
      partners = found.map(({ time, offset, value: bytes }) => ({
        ...{ time, offset },
        value: other.read(bytes, 0, bytes.length),
      }));
    } catch (error) {
      return other.wait(error, record.cursor.offset).then(() => this.#meet(record, value));
    }
    this.#keep(record, partners);
    return partners.length === 0 ? undefined : this.#callAll(record, value, partners);
  }

  /** The records of the other side that are near enough and still open. */
  #find({ cursor, timestamp }: LoadedRecord<V>): readonly Waiting[] {
    const { other, own } = this.#options;
    const { bytes, keyStart, keyEnd } = cursor;
    if (keyStart < 0) {
      throw new StreamgenError("SG8811", "the record has no key, so that no other belongs to it");
    }
    const { backMs, aheadMs } = own.reach;
    const { streamTime } = this.#task.time;
    return other.buffer
      .find({ bytes, start: keyStart, end: keyEnd }, timestamp - backMs, timestamp + aheadMs)
      .filter(({ time }) => other.reach.isOpen(time, streamTime));
  }

  #keep({ cursor, timestamp }: LoadedRecord<V>, partners: readonly Partner<W>[]): void {
    const { other, otherUnmatched, own, ownUnmatched } = this.#options;
    const { bytes, keyEnd, keyStart, offset, valueEnd, valueStart } = cursor;
    const key = { bytes, start: keyStart, end: keyEnd };
    own.buffer.add(key, { bytes, start: valueStart, end: valueEnd }, timestamp, offset);
    if (partners.length === 0 && ownUnmatched !== undefined) {
      this.#batch.clear();
      this.#batch.forward(cursor);
      const end = timestamp + own.reach.aheadMs;
      ownUnmatched.add(own.side, end, offset, this.#batch.finish());
    }
    for (const partner of partners) {
      otherUnmatched?.remove(other.side, partner.time + other.reach.aheadMs, partner.offset);
    }
  }

  #callAll(record: LoadedRecord<V>, value: V, partners: readonly Partner<W>[]): unknown {
    const { moment } = this.#task.core;
    let result: Promise<void> | undefined;
    try {
      result = this.#callFrom(0, record, value, partners);
    } finally {
      // What other functions do with the record is at its own time again.
      if (result === undefined) moment.alone(record.timestamp);
    }
    return result?.finally(() => moment.alone(record.timestamp));
  }

  #callFrom(
    first: number,
    record: LoadedRecord<V>,
    value: V,
    partners: readonly Partner<W>[],
  ): Promise<void> | undefined {
    const { call, mayChangeValues } = this.#options;
    for (let index = first; index < partners.length; index += 1) {
      const partner = partners[index];
      if (partner === undefined) break;
      const own = index > 0 && mayChangeValues ? this.#again(record) : value;
      this.#task.core.moment.paired(Math.max(record.timestamp, partner.time), partner.offset);
      const result = call(own, partner.value);
      if (result instanceof Promise) {
        return result.then(() => this.#callFrom(index + 1, record, value, partners));
      }
    }
    return undefined;
  }

  #again({ cursor }: LoadedRecord<V>): V {
    return this.#options.own.read(cursor.bytes, cursor.valueStart, cursor.valueEnd);
  }
}
