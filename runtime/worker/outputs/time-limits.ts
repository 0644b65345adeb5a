import { StreamgenError } from "../../errors.ts";

/** How far from now a topic takes records' timestamps, in milliseconds; infinite where it does not care. */
export interface RecordTimes {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Refuses timestamps that the log would refuse: later, it could not say which record has them. */
export class TimeLimits {
  readonly #topic: string;
  readonly #times: RecordTimes;
  readonly #now: () => number;
  /** What is not after this is not too late: the clock only goes on. */
  #safe = Number.NEGATIVE_INFINITY;

  /** `now` gives milliseconds since 1970. */
  constructor(topic: string, times: RecordTimes, now: () => number) {
    this.#topic = topic;
    this.#times = times;
    this.#now = now;
  }

  /** Throws SG8045. */
  check(timestamp: number): void {
    const { afterMs, beforeMs } = this.#times;
    if (timestamp <= this.#safe && beforeMs === Number.POSITIVE_INFINITY) return;
    const now = this.#now();
    this.#safe = now + afterMs;
    if (timestamp > now + afterMs) this.#refuse(timestamp, afterMs, "after");
    if (timestamp < now - beforeMs) this.#refuse(timestamp, beforeMs, "before");
  }

  #refuse(timestamp: number, maxMs: number, side: "after" | "before"): never {
    const shown = Number.isInteger(timestamp) ? timestampText(timestamp) : String(timestamp);
    throw new StreamgenError(
      "SG8045",
      `a record's time is ${shown}, and topic "${this.#topic}" takes none more than ${maxMs} ms ` +
        `${side} now: send it with another timestamp, or set the topic's ` +
        `message.timestamp.${side}.max.ms`,
    );
  }
}

function timestampText(timestamp: number): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? String(timestamp) : date.toISOString();
}
