import type { BatchWriter } from "../../log/batch-writer.ts";
import type { GroupMember, Log, Producer, SentBatch, TopicPartition } from "../../log/log.ts";
import { untilAnswered, type Waits } from "../outage/retry.ts";
import type { Signals } from "../services/signals.ts";
import { ForeignRecords } from "../tables/foreign-records.ts";
import type { Sealed } from "../tasks/task.ts";
import {
  type Delivery,
  type Ends,
  endsOf,
  type Failures,
  type Outcome,
  offsetsOf,
  sendAll,
} from "./delivery.ts";

type Send = (place: TopicPartition, batch: BatchWriter) => Promise<SentBatch>;

interface Parts {
  readonly waits: Waits;
  readonly producer: Producer;
  readonly foreign: ForeignRecords;
  readonly send: Send;
}

/**
 * Outputs and changelogs first, then the offsets, which name the changelogs' ends:
 *
 *     outputs, changelogs ─▶ what others wrote to them taken back ─▶ offsets ─▶ committed
 *
 * A crash before the offsets repeats the outputs of one interval; tables do not repeat, because
 * restoring stops at the ends that were committed with the offsets.
 */
export class AtLeastOnce implements Delivery {
  readonly #waits: Waits;
  readonly #producer: Producer;
  readonly #foreign: ForeignRecords;
  readonly #send: Send;

  static async open(log: Log, waits: Waits, signals: Signals): Promise<AtLeastOnce> {
    const producer = await log.producer({});
    // Where the log is away, this waits: to take everything back would only do it again.
    const send: Send = (place, batch) => untilAnswered(waits, () => producer.send(place, batch));
    const foreign = new ForeignRecords({
      log,
      send,
      now: waits.clock.now,
      compensated: (keys) => signals.count("compensated", keys),
    });
    return new AtLeastOnce({ waits, producer, foreign, send });
  }

  constructor({ waits, producer, foreign, send }: Parts) {
    this.#waits = waits;
    this.#producer = producer;
    this.#foreign = foreign;
    this.#send = send;
  }

  async deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome> {
    const { sent, failed } = await sendAll(sealed, (out) => this.#send(out, out.batch));
    const whole = sealed.filter(({ task }) => !failed.has(task));
    if (whole.length === 0) return aborted([...failed.values()][0], failed);
    let ends: Ends;
    try {
      const tasks = whole.map(({ task }) => task);
      ends = await endsOf(tasks, sent, (changelog, own) => this.#foreign.takeBack(changelog, own));
      const offsets = offsetsOf(whole, ends, member);
      await untilAnswered(this.#waits, () => member.commit(offsets));
    } catch (error) {
      return aborted(error, failed);
    }
    return { kind: "committed", ends, failed };
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }
}

function aborted(error: unknown, failed: Failures): Outcome {
  return { kind: "aborted", error, wasSent: true, failed };
}
