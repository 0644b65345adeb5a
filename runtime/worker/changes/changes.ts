/**
 * A table's changes are the records of its changelog: an input of the tasks that write the table, read
 * and committed like any other. So each is handled exactly once, and only after the commit that made it.
 */
import { bare, bytesFormat, type Format } from "../../codec/format.ts";
import { bytesKey } from "../../codec/key.ts";
import { RowBytes } from "../../state/row-bytes.ts";
import { SetBytes } from "../../state/set-bytes.ts";
import { rowOf } from "../../state/tended/layout.ts";
import { isKeyedMark, startOfRow } from "../../state/windows/keyed-key.ts";
import { isFixed } from "../../state/windows/keyed-spec.ts";
import { type KeyedCodec, KeyedWindows } from "../../state/windows/keyed-windows.ts";
import { isMark, startOf } from "../../state/windows/window-key.ts";
import { WindowBytes } from "../../state/windows/window-rows.ts";
import type { TaskScope } from "../scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import { source } from "../sources/source-driver.ts";
import type {
  SetTableSpec,
  Source,
  TableDeclaration,
  TableSpec,
  WindowedTableSpec,
} from "../spec.ts";
import type { ChangesSpec, ElementChange, TableChange, WindowChange } from "./change-spec.ts";

/** The input that the changes of a table are. */
export function changes<K, V, Found>(
  spec: ChangesSpec<TableSpec<K, V, Found>, TableChange<K, V>>,
): Source {
  const rows = new RowBytes(spec.table);
  return changelogSource(spec, bare(spec.table.value), (key, value, timestamp) => ({
    key: rows.readKey(key),
    value: value ?? undefined,
    timestamp,
  }));
}

/** The same for a table with windows. */
export function windowChanges<K, V, Found>(
  spec: ChangesSpec<WindowedTableSpec<K, V, Found>, WindowChange<K, V>>,
): Source {
  const { windows } = spec.table;
  if (!isFixed(windows)) return keyedChanges(spec, { ...spec.table, windows });
  const { rows } = new WindowBytes({ ...spec.table, windows });
  const { sizeMs } = windows;
  return changelogSource(spec, bare(spec.table.value), (key, value, timestamp) => {
    // How far windows are closed is beside the rows, and concerns nobody else.
    if (isMark(key)) return undefined;
    const start = startOf(key);
    return {
      key: rows.readKey(key),
      value: value ?? undefined,
      window: { start, end: start + sizeMs },
      timestamp,
    };
  });
}

/**
 * The same for sessions and sliding windows. Where a session ended that is gone, nothing says: there it is
 * as long as its first event.
 */
function keyedChanges<K, V, Found>(
  spec: ChangesSpec<TableDeclaration, WindowChange<K, V>>,
  codec: KeyedCodec<K, V, Found>,
): Source {
  const windows = new KeyedWindows(codec, () => []);
  return changelogSource(spec, bytesFormat, (key, value, timestamp) => {
    const row = rowOf(key);
    if (isKeyedMark(row)) return undefined;
    if (value !== null)
      return { ...windows.final(windows.window(row, Buffer.from(value))), timestamp };
    const start = startOfRow(row);
    const window = { start, end: windows.times.endOf(start, start) };
    return { key: windows.keyOfRow(row), value: undefined, window, timestamp };
  });
}

/** The same for a table of sets: each element is a row. */
export function elementChanges<K, E>(
  spec: ChangesSpec<SetTableSpec<K, E>, ElementChange<K, E>>,
): Source {
  const bytes = new SetBytes(spec.table);
  return changelogSource(spec, bytesFormat, (row, value, timestamp) => ({
    key: bytes.key(row),
    element: bytes.element(row),
    isThere: value !== null,
    timestamp,
  }));
}

/** What a row of the changelog says; `undefined` where it is none of the table's own. */
type ReadChange<V, Change> = (
  key: Buffer,
  value: V | null,
  timestamp: number,
) => Change | undefined;

function changelogSource<V, Change>(
  { table, agents }: ChangesSpec<TableDeclaration, Change>,
  value: Format<V>,
  read: ReadChange<V, Change>,
): Source {
  return source({
    topic: { name: table.changelog, key: bytesKey, value },
    isTimeless: true,
    agents: agents.map(({ open, ...agent }) => ({
      ...agent,
      kind: "row" as const,
      open(task: TaskScope) {
        const handle = open(task);
        return ({ cursor, value: row }: LoadedRecord<V>, timestamp: number) => {
          const { bytes, keyEnd, keyStart } = cursor;
          const change = read(bytes.subarray(keyStart, keyEnd), row, timestamp);
          return change === undefined ? undefined : handle(change);
        };
      },
    })),
  });
}
