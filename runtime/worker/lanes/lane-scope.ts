import type { TableHandle } from "../../state/table-handle.ts";
import type { TableSpec } from "../spec.ts";
import { TaskCore } from "../tasks/task-core.ts";
import type { WorkerCore } from "../worker-core.ts";
import { LaneTable } from "./lane-table.ts";

/**
 * What one lane of an agent is given. What it writes and sends stays with the lane until its record
 * is done with: then all of it becomes the task's at once, or none of it.
 */
export class LaneScope extends TaskCore {
  readonly #task: TaskCore;
  readonly #written = new Map<string, { apply(): void; drop(): void }>();

  constructor(task: TaskCore, core: WorkerCore) {
    const { group, interludes, partition, tables, time } = task;
    super({ group, partition }, core, { interludes, rows: tables, time });
    this.#task = task;
  }

  override table<K, V, Found>(table: TableSpec<K, V, Found>): TableHandle<K, V, Found> {
    const { moment } = this.core;
    const rows = new LaneTable(this.#task.table(table), table, () => moment.check(table.name));
    this.#written.set(table.name, rows);
    return rows;
  }

  /** Everything becomes the task's, whose own moment is open. */
  apply(): void {
    for (const rows of this.#written.values()) rows.apply();
    this.core.outbox.moveTo(this.#task.core.outbox);
    this.channels.moveTo(this.#task.channels);
    this.core.undo.release();
  }

  /** Nothing has happened. */
  drop(): void {
    for (const rows of this.#written.values()) rows.drop();
    this.core.undo.rollback(0);
    this.core.undo.release();
  }
}
