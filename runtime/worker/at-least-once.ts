import type { Clock } from "../clock.ts";
import type { GroupMember, Log, Producer } from "../log/log.ts";
import { type Delivery, type Ends, type Outcome, offsetsOf, sendAll } from "./delivery.ts";
import { untilAnswered } from "./retry.ts";
import type { Sealed } from "./task.ts";

/**
 * Outputs and changelogs first, then the offsets, which name the changelogs' ends. A crash between
 * the two repeats the outputs of one interval; tables do not repeat, because restoring stops at the
 * ends that were committed with the offsets.
 *
 * No transaction fences a worker that was thought dead: a batch of its that arrives after another one
 * took over stays in the changelog. Where that must not be, exactly-once is the answer.
 */
export class AtLeastOnce implements Delivery {
  readonly #clock: Clock;
  readonly #producer: Producer;

  static async open(log: Log, clock: Clock): Promise<AtLeastOnce> {
    return new AtLeastOnce(clock, await log.producer({}));
  }

  constructor(clock: Clock, producer: Producer) {
    this.#clock = clock;
    this.#producer = producer;
  }

  async deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome> {
    let ends: Ends;
    try {
      ends = await sendAll(this.#producer, sealed);
      const offsets = offsetsOf(sealed, ends, member);
      await untilAnswered(this.#clock, () => member.commit(offsets));
    } catch (error) {
      return { kind: "aborted", error, wasSent: true };
    }
    return { kind: "committed", ends };
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }
}
