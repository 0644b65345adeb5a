import type { TaskParts } from "./task-parts.ts";
import type { TaskTurns } from "./task-turns.ts";

/** What a hold needs of its task. */
export interface HoldPort {
  isRunning(): boolean;
  /** Takes over what lanes have done. */
  takeOver(): void;
}

/** Keeps a task from taking records while others want it settled. */
export class TaskHold {
  readonly #parts: TaskParts;
  readonly #turns: TaskTurns;
  readonly #port: HoldPort;
  #isHeld = false;

  constructor(parts: TaskParts, turns: TaskTurns, port: HoldPort) {
    this.#parts = parts;
    this.#turns = turns;
    this.#port = port;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether everything that is staged belongs to records that are done. */
  get isSettled(): boolean {
    const { core, scope } = this.#parts;
    const { rests, retryWait, undo } = core;
    if (!scope.inFlight.isQuiet) return false;
    if (this.#turns.pending === undefined || retryWait.isWaiting) return true;
    return rests.isResting && undo.size === 0;
  }

  /** Resolves when the task is settled, or is released. */
  async begin(): Promise<void> {
    const { retryWait } = this.#parts.core;
    this.#isHeld = true;
    for (;;) {
      await this.#drain();
      if (!this.#isHeld) return;
      retryWait.hold();
      if (!this.isSettled) await this.#turns.settled();
      if (!this.#isDraining) return;
      // Lanes have got a record meanwhile, and it is taken over behind what waits.
      retryWait.release();
    }
  }

  release(): void {
    this.#isHeld = false;
    this.#parts.core.retryWait.release();
  }

  /** Whoever feeds the task may have stopped. */
  async #drain(): Promise<void> {
    const { inFlight, interludes } = this.#parts.scope;
    while (this.#isDraining) {
      if (interludes.isEmpty) await inFlight.stirred();
      else {
        this.#port.takeOver();
        await this.#turns.pending;
      }
    }
  }

  get #isDraining(): boolean {
    return this.#isHeld && this.#port.isRunning() && !this.#parts.scope.inFlight.isQuiet;
  }
}
