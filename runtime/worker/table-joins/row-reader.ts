import type { TaskScope } from "../scope.ts";
import type { TableSpec } from "../spec.ts";

/** Gives the row of a key as the task has it by now; `undefined` where there is none. */
export function rowReader<K, V>(
  task: TaskScope,
  { indexes, ...table }: TableSpec<K, V, unknown>,
): (key: K) => V | undefined {
  // What a function finds in place of a row is no row.
  const missing = () => undefined;
  const { tended } = table;
  const rows =
    indexes === undefined || tended === undefined
      ? task.lookup({ ...table, missing })
      : task.indexedLookup({ ...table, indexes, tended, missing });
  return (key) => rows.get(key);
}
