import { Reader } from "../../codec/reader.ts";
import type { TableHandle } from "../../state/table-handle.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { RowsSpec } from "../agents/agent-spec.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TopicSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { isIndexed } from "./indexed-table.ts";
import { noKey } from "./topic-rows.ts";

/** Makes each record that a source loads a row of the topic's table; a tombstone deletes one. */
export class RowsRunner<K, V> implements AgentRunner {
  readonly name: string;
  readonly onError: "stop" | "skip";
  readonly isPaused = false;
  readonly isOfTable = true;
  readonly #topic: TopicSpec<K, V>;
  readonly #record: LoadedRecord<V>;
  readonly #rows: TableHandle<K, V, unknown>;
  readonly #reader = new Reader();

  constructor(
    { name, table }: RowsSpec<K, V>,
    topic: TopicSpec<K, V>,
    { record, task }: { readonly record: LoadedRecord<V>; readonly task: TaskCore },
  ) {
    this.name = name;
    this.onError = table.onError;
    this.#topic = topic;
    this.#record = record;
    this.#rows = isIndexed(table) ? task.indexed(table) : task.table(table);
  }

  run(): void {
    const { cursor, value } = this.#record;
    if (cursor.keyStart < 0) throw noKey();
    this.#reader.reset(cursor.bytes, cursor.keyStart, cursor.keyEnd);
    const key = this.#topic.key.read(this.#reader);
    if (value === null) this.#rows.delete(key);
    else this.#rows.set(key, value);
  }

  async end(): Promise<undefined> {
    return undefined;
  }
}
