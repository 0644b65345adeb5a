import type { Clock, Timer } from "../../clock.ts";
import type { OutTopic } from "../outputs/outbox.ts";
import { appendTimeMarker } from "./time-marker.ts";

export interface TellerOptions {
  /** The partition of the source that this is about. */
  readonly partition: number;
  /** The repartition topics that are told. */
  readonly topics: readonly OutTopic[];
  readonly clock: Clock;
  /** Without a record for so long, a partition that is read to its end is idle. */
  readonly idleMs: number;
  readonly wake: () => void;
}

/** Into so many parts the time is divided after which a partition is idle. */
const looks = 4;

/**
 * Tells repartition topics how far one partition of their source has come: with each commit that has
 * something new to say, behind the records of that commit.
 *
 *     records of the commit ─▶ one marker for each partition of the repartition topic
 *
 * A partition in which nothing happens says so, and is not waited for until it says more.
 */
export class TimeTeller {
  readonly #options: TellerOptions;
  #highest = Number.NEGATIVE_INFINITY;
  #isIdle = false;
  /** What was told last; `undefined`: nothing that is sure to have arrived. */
  #told: { readonly time: number; readonly isIdle: boolean } | undefined;
  #timer: Timer | undefined;
  #records = 0;
  /** The records at the last look, and for how many looks there were no others. */
  #seen = -1;
  #quiet = 0;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** Whether there is something to tell that no record brings about. */
  get hasNews(): boolean {
    return this.#isIdle && this.#told?.isIdle !== true;
  }

  start(): void {
    const { clock, idleMs, wake } = this.#options;
    this.#timer = clock.timer(Math.ceil(idleMs / looks), () => {
      this.#quiet = this.#records === this.#seen ? this.#quiet + 1 : 0;
      this.#seen = this.#records;
      if (this.#quiet === looks) wake();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** A record of this time was handled; `undefined`: its time counts for nothing. */
  saw(time: number | undefined): void {
    this.#records += 1;
    this.#isIdle = false;
    this.#quiet = 0;
    if (time !== undefined && time > this.#highest) this.#highest = time;
  }

  /** The partition is read to its end. One that never had a record is idle at once. */
  rest(isEmpty: boolean): void {
    this.#isIdle ||= isEmpty || this.#quiet >= looks;
  }

  /** A commit begins: stages what there is to tell. */
  seal(): void {
    const [time, isIdle] = [this.#highest, this.#isIdle];
    const isKnown = this.#told?.time === time && this.#told.isIdle === isIdle;
    if (isKnown || (time === Number.NEGATIVE_INFINITY && !isIdle)) return;
    const { clock, partition, topics } = this.#options;
    for (const topic of topics) {
      for (let to = 0; to < topic.partitions; to += 1) {
        appendTimeMarker(topic.batch(to), { partition, time, isIdle }, clock.now());
      }
    }
    this.#told = { time, isIdle };
  }

  /** The last commit may not have arrived. */
  rewind(): void {
    this.#told = undefined;
  }
}
