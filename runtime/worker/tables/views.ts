import type { Clock } from "../../clock.ts";
import type { KeyCodec } from "../../codec/key.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import { RowBytes, wholeOf } from "../../state/row-bytes.ts";
import { SetBytes } from "../../state/set-bytes.ts";
import { storedCodec } from "../../state/tended/tended-codec.ts";
import { isFixed } from "../../state/windows/keyed-spec.ts";
import type { SetViewHandle, ViewHandle, WindowedViewHandle } from "../scope.ts";
import type { SetTableSpec, TableDeclaration, TableSpec, WindowedTableSpec } from "../spec.ts";
import type { Topics } from "../topics/topics.ts";
import { KeyedView } from "../windows/keyed-view.ts";
import { type ViewedRows, WindowedView } from "../windows/windowed-view.ts";

/** The tables of this worker's tasks, for whoever reads what is committed. */
export class Views {
  readonly #topics: Topics;
  readonly #tables = new Map<string, Map<number, ViewedRows>>();

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  add(table: TableDeclaration, partition: number, viewed: ViewedRows): void {
    const partitions = this.#tables.get(table.name) ?? new Map<number, ViewedRows>();
    this.#tables.set(table.name, partitions.set(partition, viewed));
  }

  remove(table: TableDeclaration, partition: number): void {
    this.#tables.get(table.name)?.delete(partition);
  }

  handle<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found> {
    const bytes = new RowBytes(storedCodec(table));
    const holder = this.#holder(table);
    const viewed = () => this.#viewed(table);
    const find = (wanted: K) => holder(wanted).rows.fetchCommitted(bytes.key(wanted));
    return {
      get: async (wanted) => {
        const found = await find(wanted);
        return bytes.found(found === undefined ? undefined : wholeOf(found));
      },
      has: async (wanted) => (await find(wanted)) !== undefined,
      async *entries() {
        for (const { rows } of viewed()) {
          for (const [rowKey, value] of rows.committedRows(bytes.space)) {
            yield [bytes.readKey(rowKey), bytes.readValue(wholeOf(value))] as const;
          }
        }
      },
    };
  }

  setHandle<K, E>(table: SetTableSpec<K, E>): SetViewHandle<K, E> {
    const bytes = new SetBytes(table);
    const holder = this.#holder(table);
    return {
      has: async (wanted, element) => {
        const found = await holder(wanted).rows.fetchCommitted(bytes.row(wanted, element));
        return found !== undefined;
      },
      // The key is encoded before this returns, as everywhere.
      elements: (wanted) =>
        elementsOf(bytes, holder(wanted).rows.committedRows(bytes.rows(wanted))),
    };
  }

  windowed<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
    clock: Clock,
  ): WindowedViewHandle<K, V, Found> {
    const holder = this.#holder(table);
    const port = { holder, all: () => this.#viewed(table), clock };
    const { windows } = table;
    return isFixed(windows)
      ? new WindowedView({ ...table, windows }, port)
      : new KeyedView(table, port);
  }

  #viewed(table: TableDeclaration): readonly ViewedRows[] {
    return [...(this.#tables.get(table.name)?.values() ?? [])];
  }

  /** Finds the rows of a key's partition. Throws SG8014 where they are elsewhere. */
  #holder<K>(table: TableDeclaration & { readonly key: KeyCodec<K> }): (key: K) => ViewedRows {
    const key = new Writer(64);
    return (wanted) => {
      key.truncate(0);
      table.key.write(key, wanted);
      const partitions = this.#topics.partitionsOf(table.changelog);
      const partition = partitionOfKey(key.bytes, partitions, 0, key.position);
      const viewed = this.#tables.get(table.name)?.get(partition);
      if (viewed === undefined) throw elsewhere(table, partition);
      return viewed;
    };
  }
}

async function* elementsOf<K, E>(
  bytes: SetBytes<K, E>,
  rows: Iterable<readonly [Buffer, Buffer]>,
): AsyncGenerator<E> {
  for (const [row] of rows) yield bytes.element(row);
}

function elsewhere(table: TableDeclaration, partition: number): StreamgenError {
  return new StreamgenError(
    "SG8014",
    `partition ${partition} of table "${table.name}" is with another worker, or not restored yet`,
    { table: table.name, partition },
  );
}
