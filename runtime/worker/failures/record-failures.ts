import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { DeadLetters } from "./dead-letters.ts";
import { deadLetterTopic, type LastStep, lastStep } from "./error-policy.ts";
import { named } from "./named-error.ts";
import { Postponement, Redelivery } from "./postponement.ts";
import { type GivenUp, isWorthRetrying, retry } from "./retries.ts";
import { isGivenUp } from "./retry-wait.ts";

export interface FailurePorts {
  readonly record: LoadedRecord<unknown>;
  readonly task: TaskCore;
  readonly runners: readonly AgentRunner[];
  /** Decodes the record's value anew: what an agent did to it is not the next one's. */
  refresh(): void;
  /** Whether an agent has had the loaded record before. */
  isDone(runner: AgentRunner): boolean;
}

/** What becomes of the loaded record where an agent throws, or where none may have it. */
export class RecordFailures {
  readonly #ports: FailurePorts;
  readonly #redelivery: Redelivery;
  /** By the topic's declared name. */
  readonly #deadLetters: ReadonlyMap<string, DeadLetters>;

  constructor(ports: FailurePorts) {
    this.#ports = ports;
    const { record, runners, task } = ports;
    this.#redelivery = new Redelivery(task.core);
    const { partition } = task;
    const source = { topic: task.core.services.topics.nameOf(record.topic), partition };
    const targets = runners.flatMap(({ onError }) => {
      const last = lastStep<LastStep>(onError);
      return typeof last === "string" ? [] : [last.deadLetter];
    });
    this.#deadLetters = new Map(
      targets.map((topic) => [topic.name, new DeadLetters(task.core, topic, source)]),
    );
  }

  /**
   * An agent has thrown: undoes what it did, and calls it again or takes the last step. Throws, or
   * rejects, where the task is to stop.
   */
  failed(runner: AgentRunner, mark: number, error: unknown): Promise<void> | undefined {
    const { undo } = this.#ports.task.core;
    if (error instanceof Postponement) {
      undo.rollback(mark);
      return this.#afterGivingBack(runner, error);
    }
    if (!isWorthRetrying(runner.onError, error)) {
      this.#giveUp(runner, mark, { error: this.#located(runner, error), attempts: 1 });
      return undefined;
    }
    undo.rollback(mark);
    return this.#retry(runner, error);
  }

  /**
   * The same for another record than the loaded one, which is not handled again: the one that `cursor`
   * stands on, or those that the agent says it has failed with.
   */
  failedLater(
    runner: AgentRunner,
    mark: number,
    { error, attempts = 1 }: { readonly error: unknown; readonly attempts?: number | undefined },
    cursor: BatchCursor,
  ): void {
    const located = this.#located(runner, error, cursor.offset);
    const { failedWith = [] } = runner;
    const records = failedWith.length > 0 ? failedWith : [cursor];
    this.#decide(runner, mark, { error: located, attempts }, records);
  }

  /** No agent gets the record. Throws where one of them stops. `attempts`: how often they had it. */
  leaveOut(fault: StreamgenError, attempts: number): undefined {
    // One that was handled before can be read, so that tables have it.
    const runners = this.#ports.runners.filter(
      (runner) => !this.#ports.isDone(runner) && !(attempts > 0 && runner.isOfTable === true),
    );
    for (const runner of runners) runner.leftOut?.(fault, this.#ports.record.cursor);
    const stopping = runners.find(({ onError }) => lastStep<LastStep>(onError) === "stop");
    if (stopping !== undefined) throw fault.at({ agent: stopping.name });
    let isPutAside = false;
    for (const letters of this.#deadLetters.values()) {
      const agents = runners.filter(({ onError }) => deadLetterTopic(onError) === letters.topic);
      if (agents.length === 0) continue;
      const agent = agents.map(({ name }) => name).join(",");
      this.#putAside(letters, agent, { error: fault, attempts }, this.#ports.record.cursor);
      isPutAside = true;
    }
    if (!isPutAside) this.#skipped(fault);
  }

  /** An agent's error with the place of the record. */
  #located(
    { name }: AgentRunner,
    error: unknown,
    offset: number = this.#ports.record.cursor.offset,
  ): StreamgenError {
    const { partition, topic } = this.#ports.record;
    const place = { agent: name, topic, partition, offset };
    return named(error, "SG8020", `agent "${name}" threw`).at(place);
  }

  async #retry(runner: AgentRunner, first: unknown): Promise<void> {
    const { core } = this.#ports.task;
    const attempt = {
      again: () => this.#call(runner),
      failed: (error: unknown) => {
        runner.again?.();
        return this.#located(runner, error);
      },
    };
    const givenUp = await retry<LastStep>(core, runner.onError, attempt, first);
    if (givenUp === undefined) return;
    const { attempts } = givenUp;
    const error = this.#located(runner, givenUp.error);
    this.#giveUp(runner, core.undo.mark(), { error, attempts });
  }

  async #afterGivingBack(runner: AgentRunner, postponement: Postponement): Promise<void> {
    try {
      await this.#call(runner, postponement);
    } catch (error) {
      if (isGivenUp(error)) throw error;
      await this.failed(runner, this.#ports.task.core.undo.mark(), error);
    }
  }

  /** Calls an agent again, as often as it gives the record back. What it throws is undone by then. */
  async #call(runner: AgentRunner, first?: Postponement): Promise<void> {
    const { record, refresh, task } = this.#ports;
    const { undo } = task.core;
    for (let postponement = first; ; ) {
      if (postponement !== undefined) {
        await this.#redelivery.wait(record.cursor.offset, postponement);
      }
      const mark = undo.mark();
      try {
        refresh();
        await runner.run();
        return;
      } catch (error) {
        undo.rollback(mark);
        if (!(error instanceof Postponement)) throw error;
        postponement = error;
      }
    }
  }

  #giveUp(runner: AgentRunner, mark: number, givenUp: GivenUp<StreamgenError>): void {
    const records = [...(runner.failedWith ?? []), this.#ports.record.cursor];
    this.#decide(runner, mark, givenUp, records);
  }

  /** The last step, for all the records that an agent has failed with. */
  #decide(
    runner: AgentRunner,
    mark: number,
    givenUp: GivenUp<StreamgenError>,
    records: readonly BatchCursor[],
  ): void {
    if (runner.gaveUp !== undefined) {
      for (const cursor of records) runner.gaveUp(givenUp.error, cursor);
    }
    if (lastStep<LastStep>(runner.onError) === "stop") throw givenUp.error;
    this.#ports.task.core.undo.rollback(mark);
    const letters = this.#deadLetters.get(deadLetterTopic(runner.onError) ?? "");
    if (letters === undefined) this.#skipped(givenUp.error);
    else for (const cursor of records) this.#putAside(letters, runner.name, givenUp, cursor);
    runner.leave?.();
  }

  #putAside(
    letters: DeadLetters,
    agent: string,
    { error, attempts }: GivenUp<StreamgenError>,
    cursor: BatchCursor,
  ): void {
    const { record, task } = this.#ports;
    const { code, message } = error;
    const { partition, topic } = record;
    const place = { ...error.place, agent, topic, partition, offset: cursor.offset };
    try {
      letters.send(cursor, { agent, code, message, attempts });
    } catch (cause) {
      const what = `the dead letter for topic "${letters.topic}" was not made`;
      throw named(cause, "SG8201", what).at({ agent, topic, partition, offset: cursor.offset });
    }
    const { logger, signals } = task.core.services;
    const to = letters.topic;
    signals.count("deadLetters");
    signals.emit("deadLettered", { error: error.at({ agent }), topic: to });
    logger.warn("a record was put aside", { code, reason: message, ...place, to });
  }

  #skipped(error: StreamgenError): void {
    const { logger, signals } = this.#ports.task.core.services;
    signals.count("skipped");
    signals.emit("skipped", { error });
    const { code, message: reason, place } = error;
    logger.warn("a record was skipped", { code, reason, ...place });
  }
}
