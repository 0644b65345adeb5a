import type { Clock } from "../clock.ts";
import { isLogError, logCode } from "../log/codes.ts";
import type { GroupMember, Log, Producer, ProducerOptions } from "../log/log.ts";
import { type Delivery, type Ends, type Outcome, offsetsOf, sendAll } from "./delivery.ts";
import { untilAnswered } from "./retry.ts";
import type { Sealed } from "./task.ts";

/**
 * One transaction for each commit, around everything the worker's tasks have staged:
 *
 *     begin ─▶ changelogs, outputs ─▶ offsets with the generation ─▶ commit ─▶ committed
 *                    │ fails              │ fails                      │ no answer: again
 *                    └────────▶ abort ◀───┴────────────────────────────┘ refused
 */
export class ExactlyOnce implements Delivery {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #options: ProducerOptions;
  #producer: Producer;

  /** Fences older workers of the same transactional id, and ends what they left open. */
  static async open(log: Log, clock: Clock, options: ProducerOptions): Promise<ExactlyOnce> {
    return new ExactlyOnce(log, clock, options, await log.producer(options));
  }

  constructor(log: Log, clock: Clock, options: ProducerOptions, producer: Producer) {
    this.#log = log;
    this.#clock = clock;
    this.#options = options;
    this.#producer = producer;
  }

  async deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome> {
    let ends: Ends;
    try {
      this.#producer.begin();
      ends = await sendAll(this.#producer, sealed);
      // Offsets and generation are taken at the last moment, so that they fit each other.
      const offsets = offsetsOf(sealed, ends, member);
      await this.#producer.sendOffsets(offsets, member.generation);
    } catch (error) {
      return this.#abort(error);
    }
    try {
      await untilAnswered(this.#clock, () => this.#producer.commit());
    } catch (error) {
      return this.#abort(error);
    }
    return { kind: "committed", ends };
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #abort(cause: unknown): Promise<Outcome> {
    if (isLogError(cause, logCode.fenced)) return { kind: "fenced", error: cause };
    try {
      if (isLogError(cause, logCode.expired)) await this.#replace();
      else await untilAnswered(this.#clock, () => this.#producer.abort());
    } catch (error) {
      if (isLogError(error, logCode.fenced)) return { kind: "fenced", error };
      await this.#replace();
    }
    return { kind: "aborted", error: cause, wasSent: false };
  }

  /** A new producer of the same id: the log ends whatever the old one has open. */
  async #replace(): Promise<void> {
    this.#producer = await this.#log.producer(this.#options);
  }
}
