import type { KeyCodec } from "../../codec/key.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import type { Moment } from "../tasks/moment.ts";

/** Where a task's rows are. */
export interface RowsPlace {
  readonly partition: number;
  readonly partitions: number;
  /** What the task is at: the record's own key is always right. */
  readonly moment: Moment;
}

/**
 * Checks that keys which the compiler could not prove to be the stream's belong to this partition.
 * Otherwise a row might have a namesake in another task, which would count for itself.
 */
export class KeyOwner<K> {
  readonly #table: { readonly name: string; readonly key: KeyCodec<K> };
  readonly #place: RowsPlace;
  readonly #writer = new Writer(64);

  constructor(table: { readonly name: string; readonly key: KeyCodec<K> }, place: RowsPlace) {
    this.#table = table;
    this.#place = place;
  }

  /** Throws SG8026 where another partition has the key's rows. */
  check(key: K): void {
    const writer = this.#writer;
    writer.truncate(0);
    this.#table.key.write(writer, key);
    const { partition, partitions, moment } = this.#place;
    const { cursor } = moment;
    const isRecordsOwn =
      cursor !== undefined &&
      cursor.keyStart >= 0 &&
      cursor.bytes.compare(writer.bytes, 0, writer.position, cursor.keyStart, cursor.keyEnd) === 0;
    if (isRecordsOwn) return;
    const owner = partitionOfKey(writer.written(), partitions);
    if (owner === partition) return;
    const { name } = this.#table;
    const shown = JSON.stringify(this.#table.key.jsonForm.toJson(key));
    throw new StreamgenError(
      "SG8026",
      `table "${name}" is used by the key ${shown}, whose rows are in partition ${owner}, not in ` +
        `this task's partition ${partition}: read the topic by that key, with groupBy`,
      { table: name },
    );
  }
}
