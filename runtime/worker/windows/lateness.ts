import type { KeyCodec } from "../../codec/key.ts";
import { Reader } from "../../codec/reader.ts";
import { isFixed, type SessionSpec } from "../../state/windows/keyed-spec.ts";
import { KeyedTimes } from "../../state/windows/keyed-times.ts";
import { ReadableSessions, type SessionCodec } from "../../state/windows/session-rows.ts";
import { WindowShape } from "../../state/windows/window-shape.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { WindowedTableDeclaration, WindowedTableSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** Whether every window of a table that the loaded record would touch is closed. */
export type Lateness = () => boolean;

export function latenessFor(
  table: WindowedTableDeclaration,
  record: LoadedRecord<unknown>,
  task: TaskCore,
): Lateness {
  const { windows } = table;
  const { time } = task;
  if (isFixed(windows)) {
    const shape = new WindowShape(windows);
    return () => shape.isLate(record.timestamp, time.streamTime);
  }
  const times = new KeyedTimes(windows);
  const isLate: Lateness = () => times.isLate(record.timestamp, time.streamTime);
  if (windows.kind === "sliding" || !isWhole(table)) return isLate;
  const open = new OwnSessions({ ...table, windows }, record, task);
  return () => isLate() && !open.isJoined();
}

const isWhole = (
  table: WindowedTableDeclaration,
): table is WindowedTableSpec<unknown, unknown, unknown> => "key" in table && "value" in table;

/** The sessions of the record's own key: an old event may still belong to one that goes on. */
class OwnSessions {
  readonly #key: KeyCodec<unknown>;
  readonly #record: LoadedRecord<unknown>;
  readonly #sessions: ReadableSessions<unknown, unknown, unknown>;
  readonly #reader = new Reader();

  constructor(
    codec: SessionCodec<unknown, unknown, unknown> & { readonly windows: SessionSpec<unknown> },
    record: LoadedRecord<unknown>,
    task: TaskCore,
  ) {
    const rows = task.rowsOf(codec.name);
    this.#key = codec.key;
    this.#record = record;
    this.#sessions = new ReadableSessions(codec, (range) => rows.rows(range), task.time);
  }

  isJoined(): boolean {
    const { cursor, timestamp } = this.#record;
    if (cursor.keyStart < 0) return false;
    const own = this.#ownKey();
    if (own === undefined) return false;
    return this.#sessions.joined(this.#sessions.keyed.of(own.key), timestamp).length > 0;
  }

  /** `undefined` where the record's key is none of the table's. */
  #ownKey(): { readonly key: unknown } | undefined {
    const { bytes, keyEnd, keyStart } = this.#record.cursor;
    try {
      this.#reader.reset(bytes, keyStart, keyEnd);
      return { key: this.#key.read(this.#reader) };
    } catch {
      return undefined;
    }
  }
}
