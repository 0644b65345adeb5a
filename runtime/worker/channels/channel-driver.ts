import { Reader } from "../../codec/reader.ts";
import type { StreamgenError } from "../../errors.ts";
import { lastStep, type TickPolicy } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { ChannelAgentSpec, ChannelReceiver, ChannelSpec } from "./channel-spec.ts";

interface Receiving<V> {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly handle: (value: V) => unknown;
}

/** The agents of one channel in one task. */
export class ChannelDriver<V> implements ChannelReceiver {
  readonly #channel: ChannelSpec<V>;
  readonly #task: TaskCore;
  readonly #agents: readonly Receiving<V>[];
  readonly #reader = new Reader();

  constructor(channel: ChannelSpec<V>, agents: readonly ChannelAgentSpec<V>[], task: TaskCore) {
    this.#channel = channel;
    this.#task = task;
    this.#agents = agents.map(({ name, onError, open }) => ({
      ...{ name, onError },
      handle: open(task),
    }));
  }

  process(bytes: Buffer): Promise<void> | undefined {
    return this.#runFrom(0, bytes);
  }

  #runFrom(first: number, bytes: Buffer): Promise<void> | undefined {
    const { undo } = this.#task.core;
    for (let index = first; index < this.#agents.length; index += 1) {
      const agent = this.#agents[index];
      if (agent === undefined) break;
      const mark = undo.mark();
      try {
        const result = this.#call(agent, bytes);
        if (result instanceof Promise) {
          return result
            .then(
              () => undefined,
              (error: unknown) => this.#failed(agent, bytes, { mark, error }),
            )
            .then(() => this.#runFrom(index + 1, bytes));
        }
      } catch (error) {
        const retrying = this.#failed(agent, bytes, { mark, error });
        if (retrying !== undefined) return retrying.then(() => this.#runFrom(index + 1, bytes));
      }
    }
    return undefined;
  }

  /** Each call gets its own value: what it does to it stays with it. */
  #call({ handle }: Receiving<V>, bytes: Buffer): unknown {
    this.#reader.reset(bytes, 0, bytes.length);
    return handle(this.#channel.value.read(this.#reader));
  }

  #failed(
    agent: Receiving<V>,
    bytes: Buffer,
    { mark, error }: { readonly mark: number; readonly error: unknown },
  ): Promise<void> | undefined {
    const { undo } = this.#task.core;
    if (!isWorthRetrying(agent.onError, error)) {
      this.#giveUp(agent, mark, error);
      return undefined;
    }
    undo.rollback(mark);
    return this.#retry(agent, bytes, error);
  }

  async #retry(agent: Receiving<V>, bytes: Buffer, first: unknown): Promise<void> {
    const { core } = this.#task;
    const attempt = {
      again: () => this.#call(agent, bytes),
      failed: (error: unknown) => this.#located(agent, error),
    };
    const givenUp = await retry(core, agent.onError, attempt, first);
    if (givenUp !== undefined) this.#giveUp(agent, core.undo.mark(), givenUp.error);
  }

  #giveUp(agent: Receiving<V>, mark: number, error: unknown): void {
    const { core } = this.#task;
    const located = this.#located(agent, error);
    if (lastStep(agent.onError) === "stop") throw located;
    core.undo.rollback(mark);
    const { logger, signals } = core.services;
    signals.count("skipped");
    signals.emit("skipped", { error: located });
    const { code, message, place } = located;
    logger.warn("a value of a channel was skipped", { code, reason: message, ...place });
  }

  #located({ name }: Receiving<V>, error: unknown): StreamgenError {
    const { core, partition } = this.#task;
    const { moment } = core;
    return named(error, "SG8020", `agent "${name}" threw`).at({
      ...{ agent: name, topic: this.#channel.name, partition },
      ...(moment.cursor !== undefined && { offset: moment.cursor.offset }),
    });
  }
}
