import type { Final } from "../../state/windows/window-rows.ts";
import type { TickPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TableDeclaration, WindowedTableSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { ClosingDriver } from "./closing-driver.ts";

/** A windowed table and the functions that get each key and window of it once, when that closes. */
export interface ClosingSpec<K, V, Found> {
  readonly table: WindowedTableSpec<K, V, Found>;
  readonly agents: readonly ClosedAgentSpec<K, V>[];
}

export interface ClosedAgentSpec<K, V> {
  readonly name: string;
  readonly onError: TickPolicy;
  /** After so long without a record, windows close as if time had gone on. */
  readonly idleMs?: number;
  open(task: TaskScope): (final: Final<K, V>) => unknown;
}

/** A closing whose key and value types are closed over: `closing(spec)` makes it. */
export interface Closing {
  readonly table: TableDeclaration;
  /** Agents' names in the order they run. */
  readonly agents: readonly string[];
  /** Opens the agents for one task. The runtime calls it. */
  open(task: TaskCore): ClosingDriver;
}
