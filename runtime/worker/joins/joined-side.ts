import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** What gets the records of one side of a join: `join` makes it. */
export interface JoinedSide<V> {
  readonly kind: "joined";
  openSide(task: TaskCore): (record: LoadedRecord<V>) => unknown;
}
