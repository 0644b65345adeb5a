import { isLogError, logCode } from "../../log/codes.ts";
import type { GroupMember, Log, Producer, ProducerOptions } from "../../log/log.ts";
import { untilAnswered, type Waits } from "../outage/retry.ts";
import type { Sealed } from "../tasks/task.ts";
import {
  type Delivery,
  type Ends,
  endsOf,
  type Failures,
  noFailures,
  type Outcome,
  offsetsOf,
  sendAll,
} from "./delivery.ts";

/**
 * One transaction for each commit, around everything the worker's tasks have staged:
 *
 *     begin ─▶ changelogs, outputs ─▶ offsets with the generation ─▶ commit ─▶ committed
 *                    │ fails              │ fails                      │ no answer: again
 *                    └────────▶ abort ◀───┴────────────────────────────┘ refused
 */
export class ExactlyOnce implements Delivery {
  readonly #log: Log;
  readonly #waits: Waits;
  readonly #options: ProducerOptions;
  #producer: Producer;

  /** Fences older workers of the same transactional id, and ends what they left open. */
  static async open(log: Log, waits: Waits, options: ProducerOptions): Promise<ExactlyOnce> {
    return new ExactlyOnce(log, waits, options, await log.producer(options));
  }

  constructor(log: Log, waits: Waits, options: ProducerOptions, producer: Producer) {
    this.#log = log;
    this.#waits = waits;
    this.#options = options;
    this.#producer = producer;
  }

  async deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome> {
    let ends: Ends;
    try {
      this.#producer.begin();
      const { sent, failed } = await sendAll(sealed, (out) => this.#producer.send(out, out.batch));
      if (failed.size > 0) return this.#abort(worst(failed), failed);
      // Nobody else's records are in between: the producer before this one is fenced.
      const tasks = sealed.map(({ task }) => task);
      ends = await endsOf(tasks, sent, async (_, { endOffset }) => endOffset);
      // Offsets and generation are taken at the last moment, so that they fit each other.
      const offsets = offsetsOf(sealed, ends, member);
      await this.#producer.sendOffsets(offsets, member.generation);
    } catch (error) {
      return this.#abort(error);
    }
    try {
      await untilAnswered(this.#waits, () => this.#producer.commit());
    } catch (error) {
      return this.#abort(error);
    }
    return { kind: "committed", ends, failed: noFailures };
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #abort(cause: unknown, failed = noFailures): Promise<Outcome> {
    if (isLogError(cause, logCode.fenced)) return { kind: "fenced", error: cause };
    try {
      if (isLogError(cause, logCode.expired)) await this.#replace();
      else await untilAnswered(this.#waits, () => this.#producer.abort());
    } catch (error) {
      if (isLogError(error, logCode.fenced)) return { kind: "fenced", error };
      await this.#replace();
    }
    return { kind: "aborted", error: cause, wasSent: false, failed };
  }

  /** A new producer of the same id: the log ends whatever the old one has open. */
  async #replace(): Promise<void> {
    this.#producer = await this.#log.producer(this.#options);
  }
}

/** The failure that decides what comes next. */
function worst(failed: Failures): unknown {
  const errors = [...failed.values()];
  return errors.find((error) => isLogError(error, logCode.fenced)) ?? errors[0];
}
