import { StreamgenError } from "../../errors.ts";

const dayMs = 86_400_000;
/** Days whose offset is remembered. */
const knownMax = 1000;

/** What the clocks of a zone do at one moment: from then on they show another time. */
export interface ClockChange {
  readonly at: number;
  /** What is added to UTC before, and from then on. */
  readonly before: number;
  readonly after: number;
}

/** The clocks of a zone: how far ahead of UTC they are, and when that changes. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  /** The offsets at midnights of UTC, by the number of the day since 1970. */
  readonly #known = new Map<number, number>();

  /** Throws SG8521 for a zone that this Node does not know. */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
      });
    } catch (error) {
      throw new StreamgenError("SG8521", `this Node knows no time zone "${zone}"`, {}, error);
    }
  }

  /** Milliseconds to add to UTC for what the clocks show. */
  offsetAt(time: number): number {
    const day = Math.floor(time / dayMs);
    const offset = this.#atMidnight(day);
    return offset === this.#atMidnight(day + 1) ? offset : this.#ask(time);
  }

  #atMidnight(day: number): number {
    const known = this.#known.get(day);
    if (known !== undefined) return known;
    if (this.#known.size >= knownMax) this.#known.clear();
    const offset = this.#ask(day * dayMs);
    this.#known.set(day, offset);
    return offset;
  }

  #ask(time: number): number {
    const second = Math.floor(time / 1000) * 1000;
    // "06/28/2026, 03:00:00"
    const [month, day, year, hours, minutes, seconds] = this.#format
      .format(second)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds) - second;
  }

  /** The first change after `from` that is not after `to`; it is looked for day by day. */
  firstChange(from: number, to: number): ClockChange | undefined {
    let before = this.offsetAt(from);
    for (let time = from; time < to; ) {
      const next = Math.min(time + dayMs, to);
      const after = this.offsetAt(next);
      if (after !== before) return { at: this.#changeIn(time, next, before), before, after };
      before = after;
      time = next;
    }
    return undefined;
  }

  /** The first second after `low`, up to `high`, at which the offset is not `before` any more. */
  #changeIn(low: number, high: number, before: number): number {
    let [same, other] = [Math.floor(low / 1000), Math.ceil(high / 1000)];
    while (other - same > 1) {
      const middle = Math.floor((same + other) / 2);
      if (this.offsetAt(middle * 1000) === before) same = middle;
      else other = middle;
    }
    return other * 1000;
  }
}
