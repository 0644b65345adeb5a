import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { Gathers, KeptRecord } from "../agents/gathers.ts";
import type { LaneScope } from "../lanes/lane-scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { Replies } from "./replies.ts";
import { questionMarks, readReturnAddress } from "./return-address.ts";
import type { Answerer } from "./spec.ts";

/** One of the places where a function answers while it answers others elsewhere. */
export interface AnswerLane<V> {
  readonly scope: LaneScope;
  readonly answerer: Answerer<V>;
  /** Resolves when it can be used. */
  readonly ready: Promise<void>;
}

interface Question<V> {
  readonly value: V;
  readonly kept: KeptRecord;
  /** Those of one key are answered one after the other; `undefined`: in any order. */
  readonly key: string | undefined;
  lane: AnswerLane<V> | undefined;
  /** What came of it, once it is answered. */
  end: { readonly failure?: { readonly error: unknown } } | undefined;
}

export interface SideBySidePort<V> {
  readonly open: () => AnswerLane<V>;
  readonly record: LoadedRecord<V>;
  readonly task: TaskCore;
  readonly gathers: Gathers;
  readonly replies: Replies;
  /** The topic's name in the log. */
  readonly topic: string;
}

/** So many for each place are looked at for one whose key is free. */
const aheadMax = 2;

/**
 * A function that answers several questions at once. Each is answered as soon as it can be, so that one
 * may wait for the answer of another behind it. What they write and send becomes the task's in the order
 * of the questions; a commit ends before the first that is not answered, and waits for none.
 *
 *     waiting ──place and key are free──▶ asked ──▶ answered ──all before it are done──▶ done
 */
export class SideBySide<V> implements AgentRunner {
  readonly name: string;
  readonly onError: AgentRunner["onError"];
  readonly isPaused = false;
  readonly #port: SideBySidePort<V>;
  readonly #atOnce: number;
  readonly #keepsKeysInOrder: boolean;
  readonly #free: AnswerLane<V>[];
  readonly #lanes: AnswerLane<V>[];
  readonly #keys = new Set<string>();
  /** In the order of their offsets. */
  #questions: Question<V>[] = [];
  /** Counts ends: what was begun before one counts for nothing. */
  #epoch = 0;
  readonly #working = new Set<Promise<void>>();

  constructor(
    agent: Pick<AgentRunner, "name" | "onError"> & { readonly keepsKeysInOrder?: true },
    atOnce: number,
    port: SideBySidePort<V>,
  ) {
    this.name = agent.name;
    this.onError = agent.onError;
    this.#atOnce = atOnce;
    this.#keepsKeysInOrder = agent.keepsKeysInOrder === true;
    this.#port = port;
    // What is wrong with a place shows when the task is opened.
    this.#lanes = [port.open()];
    this.#free = [...this.#lanes];
    port.task.questions.limit(atOnce * aheadMax);
  }

  /** The first question that is not done with: a commit ends before it. */
  get held(): number | undefined {
    return this.#questions[0]?.kept.cursor.offset;
  }

  get isTimed(): boolean {
    return this.#questions.length > 0;
  }

  run(): Promise<void> | undefined {
    const { record, replies, task } = this.#port;
    const { cursor, timestamp, value } = record;
    if (value === null) return undefined;
    const copy = cursor.copy();
    const { bytes, keyEnd, keyStart } = copy;
    const key =
      this.#keepsKeysInOrder && keyStart >= 0
        ? bytes.toString("latin1", keyStart, keyEnd)
        : undefined;
    const kept = { cursor: copy, timestamp };
    this.#questions.push({ value, kept, key, lane: undefined, end: undefined });
    task.questions.add();
    this.#start();
    return replies.room();
  }

  leftOut(error: StreamgenError, cursor: BatchCursor): void {
    this.#port.replies.refuse(cursor, error);
  }

  async end(): Promise<undefined> {
    this.#epoch += 1;
    for (const { scope } of this.#lanes) scope.core.moment.close();
    await Promise.all(this.#working);
    for (const { scope } of this.#lanes) scope.drop();
    this.#free.splice(0, this.#free.length, ...this.#lanes);
    this.#keys.clear();
    this.#port.task.questions.remove(this.#questions.length);
    this.#questions = [];
    return undefined;
  }

  /** Gives free places the first questions whose keys are free. */
  #start(): void {
    for (const question of this.#questions) {
      if (question.lane !== undefined) continue;
      if (question.key !== undefined && this.#keys.has(question.key)) continue;
      const lane = this.#place();
      if (lane === undefined) return;
      question.lane = lane;
      if (question.key !== undefined) this.#keys.add(question.key);
      const working = this.#work(lane, question).finally(() => this.#working.delete(working));
      this.#working.add(working);
    }
  }

  /** A place that is free; one more is opened where none is and there may be more. */
  #place(): AnswerLane<V> | undefined {
    const free = this.#free.pop();
    if (free !== undefined || this.#lanes.length >= this.#atOnce) return free;
    const lane = this.#port.open();
    this.#lanes.push(lane);
    return lane;
  }

  /** Answers a question, and has the task take over what that has led to. Never rejects. */
  async #work(lane: AnswerLane<V>, question: Question<V>): Promise<void> {
    const epoch = this.#epoch;
    const failure = await this.#answer(lane, question);
    lane.scope.core.moment.close();
    if (epoch !== this.#epoch) return;
    question.end = failure === undefined ? {} : { failure };
    if (question === this.#questions[0]) this.#finishNext();
  }

  /** Gives what went wrong. */
  async #answer(
    { answerer, ready, scope }: AnswerLane<V>,
    { kept, value }: Question<V>,
  ): Promise<{ readonly error: unknown } | undefined> {
    const { replies, topic } = this.#port;
    const { cursor, timestamp } = kept;
    const { core } = scope;
    const epoch = this.#epoch;
    try {
      await ready;
      core.moment.open(timestamp, `${topic}/${scope.partition}`, cursor.offset, cursor);
      core.moment.marks = questionMarks;
      const answer = await answerer.call(value);
      const address = readReturnAddress(cursor);
      if (address !== undefined && epoch === this.#epoch) replies.answer(address, answer, core);
      return undefined;
    } catch (error) {
      scope.drop();
      if (epoch === this.#epoch) replies.refuse(cursor, error);
      return { error };
    }
  }

  /** Has the task take over what the first question has led to. */
  #finishNext(): void {
    const [question] = this.#questions;
    if (question?.end === undefined) return;
    const epoch = this.#epoch;
    this.#port.task.interludes.push({
      ...question.kept,
      topic: this.#port.topic,
      run: async () => {
        if (epoch === this.#epoch) this.#finish(question);
      },
    });
  }

  #finish(question: Question<V>): void {
    const { gathers, task } = this.#port;
    const { end, kept, key, lane } = question;
    // Where the task must stop, this throws, and the question stays the first.
    if (end?.failure !== undefined) {
      gathers.failed(end.failure.error, task.core.undo.mark(), kept);
    } else lane?.scope.apply();
    this.#questions.shift();
    task.questions.remove();
    if (lane !== undefined) this.#free.push(lane);
    if (key !== undefined) this.#keys.delete(key);
    this.#start();
    this.#finishNext();
  }
}
