import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { Log, TopicPartition } from "../../log/log.ts";
import { within } from "../outage/patience.ts";
import type { Waits } from "../outage/retry.ts";
import type { Logger } from "../scope.ts";
import type { TopicDeclaration } from "../spec.ts";
import { Mailbox } from "./mailbox.ts";
import { PromptSender } from "./prompt-sender.ts";

export interface AskingPort {
  readonly log: Log;
  readonly clock: Clock;
  readonly waits: Waits;
  readonly logger: Logger;
  /** Unlike that of any other worker or program, now or before. */
  readonly id: string;
  /** The configuration's; a call may say otherwise. */
  readonly timeoutMs: number | undefined;
  /** Where a topic is. */
  readonly find: (topic: TopicDeclaration) => FoundTopic;
  readonly count: (name: string) => void;
  readonly failed: (error: unknown) => void;
}

/** A topic as it is in the log. */
export interface FoundTopic {
  readonly name: string;
  readonly partitions: number;
  readonly recordMaxBytes: number;
}

/** A log that does not answer is not waited for. */
const closeMaxMs = 1000;
/** Topics of other programs that are kept in mind. */
const foreignMax = 1000;

/** What one worker, or one program, needs to ask and to answer. Nothing is opened before it is used. */
export class Asking {
  readonly port: AskingPort;
  readonly sender: PromptSender;
  /** Partitions of topics that others want answers in; `undefined`: there is no such topic. */
  readonly #foreign = new Map<string, number | undefined>();
  #mailbox: Mailbox | undefined;
  #turn = 0;

  constructor(port: AskingPort) {
    this.port = port;
    this.sender = new PromptSender(() => port.log.producer({}), port.waits);
  }

  /** Where answers come to. They are looked for from now on. */
  mailbox(answers: TopicDeclaration): Mailbox {
    if (this.#mailbox !== undefined) return this.#mailbox;
    const { name: topic, partitions } = this.port.find(answers);
    const partition = Number.parseInt(this.port.id.slice(0, 8), 16) % partitions;
    const mailbox = new Mailbox({ ...this.port, place: { topic, partition } });
    this.#mailbox = mailbox;
    // Whoever asks first is told of what goes wrong.
    mailbox.open().catch(() => undefined);
    return mailbox;
  }

  /** How long an answer is waited for. Throws SG8901 where nobody says it. */
  timeoutMs(given: number | undefined, name: string): number {
    const timeoutMs = given ?? this.port.timeoutMs;
    if (timeoutMs !== undefined) return timeoutMs;
    throw new StreamgenError(
      "SG8901",
      `nothing says how long an answer of "${name}" is waited for: set askTimeoutMs in the configuration`,
      { agent: name },
    );
  }

  /** The partition of a question without a key: one after the other. */
  nextPartition(partitions: number): number {
    this.#turn = (this.#turn + 1) % 0x7fff_ffff;
    return this.#turn % partitions;
  }

  /** Whether a partition of a topic that somebody named is there. */
  async exists({ topic, partition }: TopicPartition): Promise<boolean> {
    if (!this.#foreign.has(topic)) {
      const [found] = await this.port.log.describeTopics([topic]);
      if (this.#foreign.size >= foreignMax) this.#foreign.clear();
      this.#foreign.set(topic, found?.partitions);
    }
    const partitions = this.#foreign.get(topic) ?? 0;
    return Number.isInteger(partition) && partition >= 0 && partition < partitions;
  }

  /** Rejects what waits for an answer, and sends what is on its way, as far as the log answers. */
  async close(): Promise<void> {
    const closing = [this.#mailbox?.close(), this.sender.close()];
    await within(this.port.clock, closeMaxMs, Promise.all(closing));
  }
}
