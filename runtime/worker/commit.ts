import type { Clock } from "../clock.ts";
import type { StreamgenError } from "../errors.ts";
import { isLogError, logCode } from "../log/codes.ts";
import type { GroupMember } from "../log/log.ts";
import { partitionKey } from "../log/partition-key.ts";
import type { Delivery, Outcome } from "./delivery.ts";
import { named } from "./named-error.ts";
import { within } from "./patience.ts";
import { isTransient } from "./retry.ts";
import type { Logger } from "./scope.ts";
import type { Signals } from "./signals.ts";
import type { Sealed, Task } from "./task.ts";

export interface CommitterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Signals;
  readonly delivery: Delivery;
  readonly member: GroupMember;
  /** How long a commit waits for tasks that are not settled. */
  readonly settleMaxMs: number;
  readonly tasks: () => readonly Task[];
  /** Called when nothing can be committed any more, as when another worker has this one's place. */
  readonly failed: (error: StreamgenError) => void;
}

/** Commits in a row that the log refused, after which their tasks stop. */
const abortsMax = 3;

/**
 * Commits what a worker's tasks have staged, one commit after the other; meanwhile the tasks go on
 * with the next interval.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;
  #abortsInRow = 0;
  commits = 0;
  aborts = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Resolves when what is settled now is committed, or taken back. Never rejects. */
  commit(): Promise<void> {
    this.#last = this.#last
      .then(() => this.#commit())
      .catch((error: unknown) => this.#end(named(error, "SG9803", "a commit failed")));
    return this.#last;
  }

  async #commit(): Promise<void> {
    if (this.#isOver) return;
    const { delivery, member } = this.#options;
    const sealed = await this.#seal();
    if (sealed.length === 0) return;
    await this.#conclude(sealed, await delivery.deliver(sealed, member));
  }

  /** Waits for tasks that are in the middle of a record; the others are sealed at one moment. */
  async #seal(): Promise<readonly Sealed[]> {
    const { clock, settleMaxMs, tasks } = this.#options;
    const unsettled = tasks().filter((task) => !task.isSettled);
    if (unsettled.length > 0) {
      await within(clock, settleMaxMs, Promise.all(unsettled.map((task) => task.hold())));
    }
    const sealed = tasks().flatMap((task) => task.seal() ?? []);
    for (const task of unsettled) task.release();
    return sealed;
  }

  async #conclude(sealed: readonly Sealed[], outcome: Outcome): Promise<void> {
    const tasks = sealed.map(({ task }) => task.name);
    switch (outcome.kind) {
      case "committed": {
        for (const each of sealed) each.task.acknowledge(each, outcome.ends.get(each.task) ?? {});
        this.commits += 1;
        this.#abortsInRow = 0;
        const records = sealed.reduce((sum, { handled }) => sum + handled, 0);
        this.#options.signals.emit("committed", { tasks, records });
        return;
      }
      case "aborted": {
        this.aborts += 1;
        const error = named(outcome.error, "SG9803", "a commit failed");
        this.#options.signals.emit("aborted", { tasks, error });
        const { code, message } = error;
        this.#options.logger.warn("a commit was aborted", { code, reason: message });
        await this.#rewind(sealed, outcome.wasSent, error);
        return;
      }
      case "fenced":
        this.#end(named(outcome.error, "SG9803", "a commit failed"));
        return;
    }
  }

  #end(error: StreamgenError): void {
    this.#isOver = true;
    this.#options.failed(error);
  }

  #seek(task: Task): void {
    const { member } = this.#options;
    const owned = new Set(member.assignment.map(partitionKey));
    for (const input of task.inputs) {
      if (owned.has(partitionKey(input))) member.seek(input, input.position);
    }
  }

  async #rewind(sealed: readonly Sealed[], wasSent: boolean, error: StreamgenError): Promise<void> {
    // A rebalance, or a log that is away, is no fault of the work: it may well succeed next time.
    if (!isTransient(error) && !isLogError(error, logCode.generation)) this.#abortsInRow += 1;
    for (const { task } of sealed) {
      await task.rewind(wasSent);
      this.#seek(task);
      if (this.#abortsInRow >= abortsMax) task.fail(error);
    }
  }
}
