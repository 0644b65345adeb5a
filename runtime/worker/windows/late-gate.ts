import { WindowShape } from "../../state/windows/window-shape.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { Signals } from "../services/signals.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { WindowedTableDeclaration } from "../spec.ts";
import type { StreamTime } from "./stream-time.ts";

export interface LateGateOptions {
  readonly tables: readonly WindowedTableDeclaration[];
  readonly record: LoadedRecord<unknown>;
  readonly time: StreamTime;
  readonly signals: Signals;
}

/**
 * Leaves out the records that come too late for a function: those for which every window is closed, in
 * every table that it writes. So is one that is too far ahead of the clock.
 */
export class LateGate implements AgentRunner {
  readonly #runner: AgentRunner;
  readonly #options: LateGateOptions;
  readonly #shapes: readonly WindowShape[];

  constructor(runner: AgentRunner, options: LateGateOptions) {
    this.#runner = runner;
    this.#options = options;
    this.#shapes = options.tables.map(({ windows }) => new WindowShape(windows));
  }

  get name(): AgentRunner["name"] {
    return this.#runner.name;
  }

  get onError(): AgentRunner["onError"] {
    return this.#runner.onError;
  }

  get isPaused(): boolean {
    return this.#runner.isPaused;
  }

  get held(): number | undefined {
    return this.#runner.held;
  }

  get isTimed(): boolean | undefined {
    return this.#runner.isTimed;
  }

  run(): unknown {
    const { record, signals } = this.#options;
    if (record.value === null || !this.#isLate(record.timestamp)) return this.#runner.run();
    signals.count("late");
    return undefined;
  }

  get failedWith(): AgentRunner["failedWith"] {
    return this.#runner.failedWith;
  }

  again(): void {
    this.#runner.again?.();
  }

  leave(): void {
    this.#runner.leave?.();
  }

  end(): Promise<string | undefined> {
    return this.#runner.end();
  }

  #isLate(time: number): boolean {
    const { isAhead, streamTime } = this.#options.time;
    return isAhead || this.#shapes.every((shape) => shape.isLate(time, streamTime));
  }
}
