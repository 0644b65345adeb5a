import type { BoundFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { UnknownWriter } from "../../codec/unknown-writer.ts";
import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { type AgentRunner, makeRunner } from "../agents/agent-runner.ts";
import type { AgentSpec } from "../agents/agent-spec.ts";
import { Gathers, type KeptFailed } from "../agents/gathers.ts";
import { deadLetterTopic } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { RecordFailures } from "../failures/record-failures.ts";
import type { Source, SourceSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { eventTime } from "./event-time.ts";
import { KeyCheck } from "./key-check.ts";
import { LoadedRecord } from "./loaded-record.ts";
import { makeReadAhead, type ReadAhead } from "./read-ahead.ts";
import { SchemaWait } from "./schema-wait.ts";
import { Standing } from "./standing.ts";

/** Feeds one task's records from one topic to its agents. */
export interface SourceDriver {
  /**
   * Decodes the record under the cursor, once for all agents. Gives its event time; or what to wait
   * for before it is loaded again, where its schema is not known yet. Never throws nor rejects.
   */
  load(cursor: BatchCursor): number | Promise<void>;
  /** Whether the loaded record could not be read. */
  readonly isUnreadable: boolean;
  /** The same record under another cursor: its bytes have moved. */
  relocate(cursor: BatchCursor): void;
  /**
   * Hands the loaded record to each agent in turn. Gives a promise only where an agent does. Throws,
   * or rejects, where the task must stop; what a skipping agent has done is undone by then.
   */
  process(): Promise<void> | undefined;
  /** Takes the last step of every agent's `onError`. Throws where the task must stop. */
  leaveOut(fault: StreamgenError): undefined;
  /** Agents whose run has returned: the input is paused while there are any. */
  readonly paused: readonly string[];
  /** How far each agent is, where that may differ. */
  readonly standing?: Standing;
  /** Absent where no rows are worth reading ahead. */
  readonly ahead?: ReadAhead | undefined;
  /** Ends stream runs; the next record begins new ones. */
  end(): Promise<void>;
}

/** Closes over a source's types. */
export function source<K, V, Topic extends string, Gone>(
  spec: SourceSpec<K, V, Topic, Gone>,
): Source {
  const { pattern, ...topic } = spec.topic;
  return {
    topic: spec.topic,
    ...(pattern !== undefined && {
      named: (name: string) => source({ ...spec, topic: { ...topic, name } }),
    }),
    from: spec.from,
    isTimeless: spec.isTimeless === true,
    agents: spec.agents.filter(({ kind }) => kind !== "fill").map((agent) => agent.name),
    deadLetters: spec.agents.flatMap(({ lateTo, onError }) => [
      ...[deadLetterTopic(onError) ?? [], lateTo?.name ?? []].flat(),
    ]),
    copies: spec.agents.flatMap(copiesOf),
    repartitions: spec.agents.flatMap((agent) => (agent.kind === "repartition" ? [agent.to] : [])),
    tables: spec.agents.flatMap((agent) => (agent.kind === "fill" ? [agent.table] : [])),
    open: (task) => new Driver(spec, task),
  };
}

/** The declared topics that an agent sends its records to as bytes. */
function copiesOf<K, V, Topic extends string, Gone>(
  agent: AgentSpec<K, V, Topic, Gone>,
): readonly string[] {
  if (agent.kind === "through") return [agent.to.name];
  return agent.kind === "echo" ? agent.to.map(({ name }) => name) : [];
}

class Driver<K, V, Topic extends string, Gone> implements SourceDriver {
  readonly #spec: SourceSpec<K, V, Topic, Gone>;
  readonly #task: TaskCore;
  readonly #record: LoadedRecord<V>;
  readonly #format: BoundFormat<V>;
  readonly #schemas: SchemaWait;
  readonly #keyCheck: KeyCheck<K, V> | undefined;
  readonly #runners: readonly AgentRunner[];
  readonly #failures: RecordFailures;
  /** Agents that others follow, and that may change the value or keep it: asked for every record. */
  readonly #mayKeep: readonly boolean[];
  readonly standing: Standing;
  readonly ahead: ReadAhead | undefined;
  readonly #reader = new Reader();
  /** What is wrong with the record itself: it concerns every agent. */
  #fault: StreamgenError | undefined;

  constructor(spec: SourceSpec<K, V, Topic, Gone>, task: TaskCore) {
    this.#spec = spec;
    this.#task = task;
    this.#record = new LoadedRecord(spec.topic.name, task.partition);
    this.#format = task.core.formats.reading(spec.topic, spec.read);
    const { partition } = task;
    const { clock, logger, signals, topics } = task.core.services;
    const topic = topics.nameOf(spec.topic.name);
    const { signal } = task.core;
    this.#schemas = new SchemaWait(this.#format, {
      ...{ topic, partition, clock, logger, signals, signal },
    });
    this.#keyCheck = spec.topic.checkKey === true ? new KeyCheck(spec.topic) : undefined;
    this.#runners = spec.agents.map((agent) => {
      const failed = this.#failedLater(agent);
      return makeRunner(agent, spec.topic, this.#record, task, {
        gathers: new Gathers(task, topic, failed),
        decode: (cursor) => this.#read(cursor),
      });
    });
    this.standing = new Standing(this.#runners);
    this.#mayKeep = spec.agents.map((agent, index) => {
      const isLast = index === spec.agents.length - 1;
      const keeps = "lanes" in agent || this.#runners[index]?.isTimed !== undefined;
      return !isLast && (keeps || agent.mayChangeValue === true);
    });
    this.#failures = new RecordFailures({
      record: this.#record,
      task,
      runners: this.#runners,
      refresh: () => this.#decodeAgain(),
      isDone: (runner) => this.standing.isUneven && this.#isDone(runner),
    });
    this.ahead = makeReadAhead(spec, task);
  }

  get paused(): readonly string[] {
    return this.#runners.filter((runner) => runner.isPaused).map((runner) => runner.name);
  }

  get isUnreadable(): boolean {
    return this.#fault !== undefined;
  }

  load(cursor: BatchCursor): number | Promise<void> {
    const record = this.#record;
    record.cursor = cursor;
    record.timestamp = cursor.timestamp;
    record.value = null;
    this.#fault = undefined;
    try {
      this.#decode(cursor);
    } catch (error) {
      const reason =
        error instanceof UnknownWriter ? this.#schemas.ask(error.id, cursor.offset) : error;
      if (isPromise(reason)) return reason;
      this.#fault = this.#unreadable(reason);
    }
    return record.timestamp;
  }

  relocate(cursor: BatchCursor): void {
    this.#record.cursor = cursor;
  }

  process(): Promise<void> | undefined {
    if (this.#fault === undefined) return this.#runFrom(0);
    return this.#failures.leaveOut(this.#fault, 0);
  }

  leaveOut(fault: StreamgenError): undefined {
    // What functions have done with a record is no reason to leave it out of a table.
    for (const runner of this.#runners) if (runner.isOfTable && !this.#isDone(runner)) runner.run();
    return this.#failures.leaveOut(fault, 1);
  }

  async end(): Promise<void> {
    for (const runner of this.#runners) {
      const failure = await runner.end();
      if (failure !== undefined) {
        const { logger } = this.#task.core.services;
        logger.warn("a stream run threw when it was ended", { agent: runner.name, failure });
      }
    }
  }

  #decode(cursor: BatchCursor): void {
    if (cursor.valueStart < 0) {
      // In a changelog it is a row that was deleted, which is what its readers are there for.
      if (this.#spec.isTimeless !== true) this.#task.core.services.signals.count("tombstones");
      return;
    }
    const { topic } = this.#spec;
    this.#reader.reset(cursor.bytes, cursor.valueStart, cursor.valueEnd);
    const value = this.#format.read(this.#reader);
    this.#keyCheck?.check(cursor, value);
    this.#record.timestamp = eventTime(topic, value, cursor.timestamp);
    this.#record.value = value;
  }

  #runFrom(first: number): Promise<void> | undefined {
    const { undo } = this.#task.core;
    for (let index = first; index < this.#runners.length; index += 1) {
      const runner = this.#runners[index];
      if (runner === undefined) break;
      if (this.standing.isUneven && this.#isDone(runner)) continue;
      const mark = undo.mark();
      try {
        const result = runner.run();
        if (isPromise(result)) return this.#awaitFrom(index, runner, mark, result);
      } catch (error) {
        const retrying = this.#failures.failed(runner, mark, error);
        if (retrying !== undefined) return this.#continueFrom(index, retrying);
      }
      if (this.#mayKeep[index] === true) this.#leave(index);
    }
    return undefined;
  }

  #isDone({ name }: AgentRunner): boolean {
    return this.standing.isDone(name, this.#record.cursor.offset);
  }

  async #awaitFrom(
    index: number,
    runner: AgentRunner,
    mark: number,
    result: PromiseLike<unknown>,
  ): Promise<void> {
    try {
      await result;
    } catch (error) {
      await this.#failures.failed(runner, mark, error);
    }
    this.#leave(index);
    await this.#runFrom(index + 1);
  }

  async #continueFrom(index: number, retrying: Promise<void>): Promise<void> {
    await retrying;
    this.#leave(index);
    await this.#runFrom(index + 1);
  }

  /** What an agent did to the value stays with it; one that keeps it does not see what the next does. */
  #leave(index: number): void {
    const agent = this.#spec.agents[index];
    if (agent === undefined || this.#mayKeep[index] !== true) return;
    const isShared = agent.mayChangeValue === true || "lanes" in agent;
    if (isShared || this.#runners[index]?.held !== undefined) this.#decodeAgain();
  }

  #decodeAgain(): void {
    const { value, cursor } = this.#record;
    if (value !== null) this.#record.value = this.#read(cursor);
  }

  /** The value of a record that was read before. */
  #read({ bytes, valueEnd, valueStart }: BatchCursor): V {
    this.#reader.reset(bytes, valueStart, valueEnd);
    return this.#format.read(this.#reader);
  }

  /** What an agent has failed at for another record than the loaded one. */
  #failedLater({ name }: { readonly name: string }): KeptFailed {
    return (error, mark, { cursor }, attempts) => {
      const runner = this.#runners.find((each) => each.name === name);
      if (runner === undefined) throw error;
      this.#failures.failedLater(runner, mark, { error, attempts }, cursor);
    };
  }

  /** Why the record cannot be read, with its place. */
  #unreadable(error: unknown): StreamgenError {
    const { cursor, partition, topic } = this.#record;
    const place = { topic, partition, offset: cursor.offset };
    return named(error, "SG8020", "the record cannot be read").at(place);
  }
}

function isPromise<T>(result: T): result is Extract<T, PromiseLike<unknown>> {
  return (
    result instanceof Promise ||
    (typeof result === "object" &&
      result !== null &&
      "then" in result &&
      typeof result.then === "function")
  );
}
