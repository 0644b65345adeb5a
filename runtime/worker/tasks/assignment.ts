import { isLogError, logCode } from "../../log/codes.ts";
import type { CommittedOffset, GroupMember, TopicPartition } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import type { TaskName } from "../contract.ts";
import { within } from "../outage/patience.ts";
import { untilAnswered } from "../outage/retry.ts";
import type { Services } from "../services/services.ts";
import { beginningOffsets, isBeginning } from "../sources/beginning.ts";
import type { GroupSpec } from "../spec.ts";
import { holdAll } from "./hold-all.ts";
import type { Input } from "./input.ts";
import { Task } from "./task.ts";
import { openParts } from "./task-parts.ts";

export interface AssignmentOptions {
  /** Those that there are now. */
  readonly groups: () => readonly GroupSpec[];
  readonly services: Services;
  /** Called when a task may have something to do. */
  readonly wake: () => void;
  /** Commits what is settled. */
  readonly commit: () => Promise<void>;
}

const anchorDelayMs = 50;

export interface Assigned {
  readonly task: Task;
  /** Resolves when its tables are restored, or cannot be. */
  readonly restoring: Promise<void>;
}

/** Follows the group: tasks are opened for partitions that come, and closed for those that go. */
export class Assignment {
  readonly #options: AssignmentOptions;
  readonly #assigned = new Map<string, Assigned>();
  readonly #partitions = new Set<string>();
  /** Tasks that are being closed: until then their stores are open. */
  readonly #closing = new Map<string, Promise<void>>();
  #isOver = false;
  /** Whether the group has said what this member gets, and has not expelled it since. */
  isKnown = false;

  constructor(options: AssignmentOptions) {
    this.#options = options;
  }

  get tasks(): readonly Task[] {
    return [...this.#assigned.values()].map(({ task }) => task);
  }

  /** The task's input that a fetched batch belongs to. */
  find(place: TopicPartition): { readonly task: Task; readonly input: Input } | undefined {
    const wanted = partitionKey(place);
    for (const task of this.tasks) {
      const input = task.inputs.find((each) => partitionKey(each) === wanted);
      if (input !== undefined) return { task, input };
    }
    return undefined;
  }

  /**
   * Opens a task wherever all its inputs are here, and gives those tasks. Restoring goes on in the
   * background.
   */
  async assign(
    partitions: readonly TopicPartition[],
    member: GroupMember,
  ): Promise<readonly Assigned[]> {
    for (const partition of partitions) this.#partitions.add(partitionKey(partition));
    const opened: Assigned[] = [];
    for (const { group, partition } of this.#complete()) {
      const { services, wake } = this.#options;
      // Given away and back before it was closed: nobody else has it, so it can wait.
      await this.#closing.get(taskKey({ group: group.name, partition }))?.catch(() => undefined);
      if (this.#isOver) return opened;
      const task = new Task(await openParts(group, partition, services, wake));
      // Stopped meanwhile: whoever stopped it has not seen this task.
      if (this.#isOver) {
        await task.close(false);
        return opened;
      }
      const assigned = { task, restoring: this.#restore(task, member) };
      this.#assigned.set(taskKey(task.name), assigned);
      opened.push(assigned);
    }
    this.isKnown = true;
    this.#options.services.signals.emit("assigned", { tasks: opened.map(nameOf) });
    return opened;
  }

  /** Commits and closes the tasks that lose an input, and gives their names. */
  async revoke(partitions: readonly TopicPartition[]): Promise<readonly TaskName[]> {
    const going = this.#affected(partitions);
    const { clock, settleMaxMs, signals } = this.#options.services;
    await within(clock, settleMaxMs, holdAll(going.map(({ task }) => task)));
    await this.#options.commit();
    await this.#close(going, true);
    this.#forget(partitions);
    const tasks = going.map(nameOf);
    signals.emit("revoked", { tasks });
    return tasks;
  }

  /** Closes the tasks that have lost an input, and gives their names: others have them already. */
  async lose(partitions: readonly TopicPartition[]): Promise<readonly TaskName[]> {
    const gone = this.#affected(partitions);
    this.isKnown = false;
    await this.#close(gone, false);
    this.#forget(partitions);
    const { signals } = this.#options.services;
    const tasks = gone.map(nameOf);
    signals.emit("lost", { tasks });
    return tasks;
  }

  /** Closes every task; with `flush`, what is committed goes to the stores first. */
  async close(flush: boolean): Promise<void> {
    this.#isOver = true;
    await this.#close([...this.#assigned.values()], flush);
    this.#partitions.clear();
  }

  #complete(): readonly { readonly group: GroupSpec; readonly partition: number }[] {
    const { groups, services } = this.#options;
    const { nameOf, partitionsOf } = services.topics;
    return groups().flatMap((group) => {
      const topics = group.sources.map(({ topic }) => topic.name);
      const count = topics[0] === undefined ? 0 : partitionsOf(topics[0]);
      return Array.from({ length: count }, (_, partition) => ({ group, partition })).filter(
        ({ partition }) =>
          !this.#assigned.has(taskKey({ group: group.name, partition })) &&
          topics.every((name) =>
            this.#partitions.has(partitionKey({ topic: nameOf(name), partition })),
          ),
      );
    });
  }

  async #restore(task: Task, member: GroupMember): Promise<void> {
    const { services } = this.#options;
    const { log } = services;
    const { inputs } = task;
    try {
      const { signal } = task.core;
      const committed = await untilAnswered(services, () => member.committed(inputs), { signal });
      const starts = await beginningOffsets(log, inputs, services.clock.now());
      const begins = isBeginning(inputs, committed);
      const mustAnchor = begins || services.settings.delivery === "at-least-once";
      const anchor = (offsets: readonly CommittedOffset[]) =>
        mustAnchor ? this.#anchor(task, offsets, member) : Promise.resolve();
      await task.restore({ committed, starts, begins }, anchor);
      if (task.state !== "running") return;
      for (const input of inputs) member.seek(input, input.position);
    } catch (error) {
      // A task that is closed meanwhile was interrupted: that is no failure.
      if (!task.core.signal.aborted) task.fail(error);
    }
    this.#options.wake();
  }

  /**
   * Before a task writes to a changelog outside of transactions, the group's offsets say where that
   * ends: what is behind is known to be uncommitted ever after, and offsets that are gone are missed.
   * They say, too, where a task has begun that did not begin with the first records.
   */
  async #anchor(
    task: Task,
    offsets: readonly CommittedOffset[],
    member: GroupMember,
  ): Promise<void> {
    const { services } = this.#options;
    const { clock } = services;
    const { signal } = task.core;
    while (!signal.aborted) {
      try {
        return await untilAnswered(services, () => member.commit(offsets), { signal });
      } catch (error) {
        if (!isLogError(error, logCode.generation)) throw error;
      }
      // A rebalance: whether the task stays here shows soon.
      await clock.sleep(anchorDelayMs);
    }
  }

  #affected(partitions: readonly TopicPartition[]): readonly Assigned[] {
    const keys = new Set(partitions.map(partitionKey));
    return [...this.#assigned.values()].filter(({ task }) =>
      task.inputs.some((input) => keys.has(partitionKey(input))),
    );
  }

  async #close(assigned: readonly Assigned[], flush: boolean): Promise<void> {
    const { clock, settleMaxMs } = this.#options.services;
    const closing = assigned.map(({ task, restoring }) => {
      const key = taskKey(task.name);
      this.#assigned.delete(key);
      task.core.interrupt();
      const closed = restoring
        .then(() => task.close(flush))
        .finally(() => this.#closing.delete(key));
      this.#closing.set(key, closed);
      return closed;
    });
    // An agent that does not end is left behind: from here on it cannot write.
    await within(clock, settleMaxMs, Promise.all(closing));
  }

  #forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#partitions.delete(partitionKey(partition));
  }
}

const nameOf = ({ task }: Assigned): TaskName => task.name;

function taskKey({ group, partition }: TaskName): string {
  return `${group}/${partition}`;
}
