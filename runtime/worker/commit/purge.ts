import type { Clock } from "../../clock.ts";
import type { DeletedOffset, Log } from "../../log/log.ts";
import type { Logger } from "../scope.ts";
import type { Task } from "../tasks/task.ts";

const everyMs = 300_000;

/**
 * Deletes what repartition topics hold before the committed offset: nobody asks for it again, and they
 * are kept for ever otherwise. Now and then, because it only saves room.
 */
export class Purge {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #last: number;

  constructor(log: Log, clock: Clock, logger: Logger) {
    this.#log = log;
    this.#clock = clock;
    this.#logger = logger;
    this.#last = clock.now();
  }

  /** Begins to delete, if it is time to. What fails is tried again at the next time. */
  runIfDue(tasks: readonly Task[]): void {
    if (this.#clock.now() - this.#last < everyMs) return;
    this.#last = this.#clock.now();
    const before = tasks.flatMap((task) => task.inputs.flatMap((input) => input.spent ?? []));
    if (before.length > 0) this.#delete(before);
  }

  #delete(before: readonly DeletedOffset[]): void {
    this.#log.deleteRecords(before).catch((error: unknown) => {
      this.#logger.warn("records of repartition topics cannot be deleted", { reason: `${error}` });
    });
  }
}
