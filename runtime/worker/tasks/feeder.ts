import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import { isLogError, logCode } from "../../log/codes.ts";
import type { FetchedBatch, GroupMember, TopicPartition } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import { yieldToEventLoop } from "../outage/patience.ts";
import { untilAnswered, type Waits } from "../outage/retry.ts";
import type { Logger } from "../scope.ts";
import type { Assignment } from "./assignment.ts";
import type { Input } from "./input.ts";
import type { Task } from "./task.ts";

export interface FeederOptions {
  readonly clock: Clock;
  readonly waits: Waits;
  readonly logger: Logger;
  readonly member: GroupMember;
  readonly assignment: Assignment;
  readonly stagedMaxBytes: number;
  /** Commits what is settled. */
  readonly commit: () => Promise<void>;
  /** Called after each round of work, and whenever anything else may have changed. */
  readonly changed: () => void;
}

/** The driver returns to the event loop after this. */
const sliceMs = 20;
const pollMs = 500;
/** A slice that takes longer is worth a line in the log. */
const slowMs = 1000;

/** Fetches records and gives them to tasks, and lets the tasks work. */
export class Feeder {
  readonly #options: FeederOptions;
  /** Partitions that the member is told not to fetch. */
  readonly #paused = new Set<string>();
  #working: Promise<void> | undefined;
  /** A commit that was begun early. */
  #relieving: Promise<void> | undefined;
  /** Whether somebody asked for work while it was going on. */
  #isWoken = false;
  #isStopped = false;
  /** Whether the group has said what this member gets, if only nothing. */
  hasFollowed = false;

  constructor(options: FeederOptions) {
    this.#options = options;
  }

  /** Runs until `stop`. Rejects where the log refuses for good. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const hasJoined = this.#options.member.generation.id >= 0;
      for (const task of this.#tasks) task.keep();
      for (const batch of await this.#poll()) this.#offer(batch);
      this.hasFollowed ||= hasJoined;
      this.#options.changed();
      await this.work();
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** The member forgets what it was told of partitions that go. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#paused.delete(partitionKey(partition));
  }

  /** Lets tasks work until none of them can go on by itself. */
  work(): Promise<void> {
    this.#isWoken = true;
    this.#working ??= this.#work();
    return this.#working;
  }

  get #tasks(): readonly Task[] {
    return this.#options.assignment.tasks;
  }

  async #work(): Promise<void> {
    try {
      for (;;) {
        this.#isWoken = false;
        const canGoOn = this.#sliceAll();
        if (this.#isStopped) return;
        for (const task of this.#tasks) this.#pauseOrResume(task);
        await this.#relieve();
        if (!canGoOn && !this.#isWoken) return;
        await yieldToEventLoop();
      }
    } finally {
      // With the last look at `isWoken`: whoever wakes it later begins it anew, and is not lost.
      this.#working = undefined;
      this.#options.changed();
    }
  }

  #sliceAll(): boolean {
    let canGoOn = false;
    for (const task of this.#tasks) {
      if (this.#isStopped) return false;
      const hasMore = this.#slice(task);
      canGoOn ||= hasMore;
    }
    return canGoOn;
  }

  #slice(task: Task): boolean {
    const { clock, logger } = this.#options;
    const begun = clock.now();
    const hasMore = task.run(begun + sliceMs);
    const tookMs = clock.now() - begun;
    if (tookMs >= slowMs) {
      const at = Object.fromEntries(task.inputs.map(({ topic, position }) => [topic, position]));
      logger.warn("an agent held up the event loop", { ...task.name, tookMs, ...at });
    }
    return hasMore;
  }

  /** Commits early where much is staged, or a task wants it, and waits for that. */
  async #relieve(): Promise<void> {
    const { commit, stagedMaxBytes } = this.#options;
    const staged = this.#tasks.reduce((bytes, task) => bytes + task.openBytes, 0);
    if (staged <= stagedMaxBytes && !this.#tasks.some((task) => task.isFull)) return;
    this.#relieving ??= commit().finally(() => {
      this.#relieving = undefined;
    });
    // What is waited for may come out of the next poll.
    if (!this.#tasks.some((task) => task.core.asked.isAny)) await this.#relieving;
  }

  #offer(batch: FetchedBatch): void {
    const found = this.#options.assignment.find(batch);
    if (found === undefined || found.task.offer(found.input, batch)) return;
    this.#options.member.seek(found.input, found.input.fetched);
  }

  /** A task that has not handled what it has gets no more. */
  #pauseOrResume(task: Task): void {
    const { member } = this.#options;
    for (const input of task.inputs) {
      const key = partitionKey(input);
      const wantsMore = input.isDrained && !input.isPaused && task.state !== "failed";
      if (wantsMore && this.#paused.delete(key)) member.resume(input);
      if (!wantsMore && !this.#paused.has(key)) {
        this.#paused.add(key);
        member.pause(input);
      }
    }
  }

  async #poll(): Promise<readonly FetchedBatch[]> {
    const { member, waits } = this.#options;
    try {
      return await untilAnswered(waits, () => (this.#isStopped ? nothing() : member.poll(pollMs)), {
        mayWaitMs: member.pollWaitMinMs,
      });
    } catch (error) {
      if (this.#isStopped) return [];
      if (isLogError(error, logCode.outOfRange) && this.#hasLostPlace(error)) return [];
      throw error;
    }
  }

  /** A committed offset is no longer there: only its task stops. Gives whether one was found. */
  #hasLostPlace(error: StreamgenError): boolean {
    const { assignment, member } = this.#options;
    for (const task of assignment.tasks) {
      const { topic, partition } = error.place;
      const input = task.inputs.find((e) => e.topic === topic && e.partition === partition);
      if (input === undefined) continue;
      for (const each of task.inputs) member.remove(each);
      task.fail(placeLost(input, error));
      return true;
    }
    return false;
  }
}

function placeLost({ topic, partition, position }: Input, cause: StreamgenError): StreamgenError {
  return new StreamgenError(
    "SG8047",
    `the group is at offset ${position} of ${topic}/${partition}, which does not hold it any more: ` +
      "records were deleted before they were processed, or the topic was made anew; set the group's " +
      "offsets, or begin anew with streamgen reset",
    { topic, partition, offset: position },
    cause,
  );
}

async function nothing(): Promise<readonly FetchedBatch[]> {
  return [];
}
