import { Calendar } from "./calendar.ts";
import type { CronSpec } from "./spec.ts";
import { type ClockChange, ZoneClock } from "./zone-clock.ts";

/** Clocks are never set by more than a day. */
const changeMaxMs = 25 * 3_600_000;

/**
 * When a crontab line is due, by the clocks of its zone. Where clocks are put forward, the times that
 * they leave out are due together at the moment of the change; where they are put back, what they show
 * twice counts the first time. A line for each hour (`eachHour`) goes by the hours that there are
 * instead: what is left out is not due, and what is shown twice is due twice.
 */
export class CronSchedule {
  readonly #calendar: Calendar;
  readonly #clock: ZoneClock;
  readonly #isEachHour: boolean;

  /** Throws SG8521 for a zone that this Node does not know. */
  constructor(spec: CronSpec) {
    this.#calendar = new Calendar(spec);
    this.#clock = new ZoneClock(spec.zone);
    this.#isEachHour = spec.eachHour === true;
  }

  /** The first moment after `time`; `undefined` where none comes. */
  next(time: number): number | undefined {
    let shown = time + this.#clock.offsetAt(time) + 1;
    const last = this.#clock.firstChange(time - changeMaxMs, time);
    if (last !== undefined) shown = Math.max(shown, this.#firstNew(last));
    return this.#from(time, shown);
  }

  /** The first moment after `since` whose clocks show `shown` or later, in this or a later offset. */
  #from(since: number, shown: number): number | undefined {
    let [start, from] = [since, shown];
    for (;;) {
      const wanted = this.#calendar.next(from);
      if (wanted === undefined) return undefined;
      const time = wanted - this.#clock.offsetAt(start);
      const change = this.#clock.firstChange(start, time);
      if (change === undefined) return time;
      const isLeftOut = wanted < change.at + change.after;
      if (isLeftOut && !this.#isEachHour) return change.at;
      [start, from] = [change.at, this.#firstNew(change)];
    }
  }

  /** The first time that clocks show after a change and that counts. */
  #firstNew({ at, before, after }: ClockChange): number {
    return this.#isEachHour ? at + after : at + Math.max(before, after);
  }
}
