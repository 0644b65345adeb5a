import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import { isLogError, logCode } from "../../log/codes.ts";
import type { GroupMember } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import { named } from "../failures/named-error.ts";
import { within } from "../outage/patience.ts";
import { isTransient } from "../outage/retry.ts";
import type { Logger } from "../scope.ts";
import type { Signals } from "../services/signals.ts";
import type { Sealed, Task } from "../tasks/task.ts";
import { changelogLost, type Delivery, type Outcome } from "./delivery.ts";

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

type TakenBack = Pick<
  Extract<Outcome, { readonly kind: "aborted" }>,
  "error" | "failed" | "wasSent"
>;

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
  readonly #abortsInRow = new WeakMap<Task, number>();
  commits = 0;
  aborts = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when what is settled now, or within `settleMaxMs`, is committed, or taken back. Never
   * rejects.
   */
  commit(settleMaxMs: number = this.#options.settleMaxMs): Promise<void> {
    this.#last = this.#last
      .then(() => this.#commit(settleMaxMs))
      .catch((error: unknown) => this.#end(named(error, "SG9803", "a commit failed")));
    return this.#last;
  }

  async #commit(settleMaxMs: number): Promise<void> {
    if (this.#isOver) return;
    const { delivery, member } = this.#options;
    const sealed = await this.#seal(settleMaxMs);
    if (sealed.length === 0) return;
    await this.#conclude(sealed, await delivery.deliver(sealed, member));
  }

  /**
   * Tasks that are in the middle of a record are sealed as soon as they are not, and go on: another one
   * may wait for what they answer. Those that are settled are sealed at one moment.
   */
  async #seal(settleMaxMs: number): Promise<readonly Sealed[]> {
    const { clock, tasks } = this.#options;
    if (settleMaxMs === 0) return tasks().flatMap((task) => list(task.seal()));
    const unsettled = tasks().filter((task) => !task.isSettled);
    const early: Sealed[] = [];
    let isWaiting = true;
    const settling = unsettled.map(async (task) => {
      await task.hold();
      if (!isWaiting) return;
      early.push(...list(task.seal()));
      task.release();
    });
    if (unsettled.length > 0) await within(clock, settleMaxMs, Promise.all(settling));
    isWaiting = false;
    const isEarly = new Set(early.map(({ task }) => task));
    const others = tasks().filter((task) => !isEarly.has(task));
    const sealed = [...early, ...others.flatMap((task) => list(task.seal()))];
    for (const task of unsettled) task.release();
    return sealed;
  }

  async #conclude(sealed: readonly Sealed[], outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case "committed": {
        const done = sealed.filter(({ task }) => !outcome.failed.has(task));
        for (const each of done) each.task.acknowledge(each, outcome.ends.get(each.task) ?? {});
        for (const { task } of done) this.#abortsInRow.delete(task);
        this.commits += 1;
        const records = done.reduce((sum, { handled }) => sum + handled, 0);
        const tasks = done.map(({ task }) => task.name);
        this.#options.signals.emit("committed", { tasks, records });
        const left = sealed.filter(({ task }) => outcome.failed.has(task));
        const [cause] = outcome.failed.values();
        if (left.length > 0)
          await this.#takeBack(left, { ...outcome, error: cause, wasSent: true });
        return;
      }
      case "aborted":
        await this.#takeBack(sealed, outcome);
        return;
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

  async #takeBack(sealed: readonly Sealed[], { error, failed, wasSent }: TakenBack): Promise<void> {
    this.aborts += 1;
    const cause = named(error, "SG9803", "a commit failed");
    const tasks = sealed.map(({ task }) => task.name);
    this.#options.signals.emit("aborted", { tasks, error: cause });
    const { code, message } = cause;
    this.#options.logger.warn("a commit was aborted", { code, reason: message });
    for (const { task } of sealed) {
      const own = failed.size === 0 ? error : failed.get(task);
      const isOther = await task.rewind(wasSent, own);
      this.#seek(task);
      if (!isOther && own !== undefined) this.#count(task, own);
    }
  }

  /** A task that fails again and again in the same way stops. */
  #count(task: Task, error: unknown): void {
    // A rebalance, or a log that is away, is no fault of the work: it may well succeed next time.
    if (isTransient(error) || isLogError(error, logCode.generation)) return;
    const aborts = (this.#abortsInRow.get(task) ?? 0) + 1;
    this.#abortsInRow.set(task, aborts);
    const isLost = error instanceof StreamgenError && error.code === changelogLost;
    if (isLost || aborts >= abortsMax) task.abandon(error);
  }
}

const list = (sealed: Sealed | undefined): readonly Sealed[] =>
  sealed === undefined ? [] : [sealed];
