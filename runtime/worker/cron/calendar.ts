import type { CronSpec } from "./spec.ts";

/** Leap days come back on a certain weekday after forty years at the latest. */
const yearsMax = 50;

/** Which dates and times a crontab line means, regardless of where clocks show them. */
export class Calendar {
  readonly #seconds: readonly boolean[];
  readonly #minutes: readonly boolean[];
  readonly #hours: readonly boolean[];
  readonly #days: readonly boolean[];
  readonly #months: readonly boolean[];
  readonly #weekdays: readonly boolean[];
  readonly #isEither: boolean;

  constructor(spec: CronSpec) {
    this.#seconds = valuesOf(spec.seconds);
    this.#minutes = valuesOf(spec.minutes);
    this.#hours = valuesOf(spec.hours);
    this.#days = valuesOf(spec.days);
    this.#months = valuesOf(spec.months);
    this.#weekdays = valuesOf(spec.weekdays);
    this.#isEither = spec.eitherDay === true;
  }

  /**
   * The first time at or after `from`; `undefined` where none comes. Both are what clocks show,
   * written as if they showed UTC.
   */
  next(from: number): number | undefined {
    const date = new Date(Math.ceil(from / 1000) * 1000);
    const lastYear = date.getUTCFullYear() + yearsMax;
    while (date.getUTCFullYear() <= lastYear) {
      if (!has(this.#months, date.getUTCMonth() + 1)) nextMonth(date);
      else if (!this.#hasDay(date)) nextDay(date);
      else if (!has(this.#hours, date.getUTCHours())) nextHour(date);
      else if (!has(this.#minutes, date.getUTCMinutes())) nextMinute(date);
      else if (!has(this.#seconds, date.getUTCSeconds())) nextSecond(date);
      else return date.getTime();
    }
    return undefined;
  }

  #hasDay(date: Date): boolean {
    const isDay = has(this.#days, date.getUTCDate());
    const isWeekday = has(this.#weekdays, date.getUTCDay());
    return this.#isEither ? isDay || isWeekday : isDay && isWeekday;
  }
}

/** An empty list stands for every value. */
const has = (values: readonly boolean[], value: number): boolean =>
  values.length === 0 || values[value] === true;

/** `"0-59/15,7"`: which numbers are in it. */
function valuesOf(text: string | undefined): readonly boolean[] {
  const values: boolean[] = [];
  for (const part of text === undefined ? [] : text.split(",")) {
    const [from = 0, to = from, step = 1] = part.split(/[-/]/).map(Number);
    for (let value = from; value <= to; value += step) values[value] = true;
  }
  return values;
}

function nextMonth(date: Date): void {
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 1);
  date.setUTCHours(0, 0, 0);
}

function nextDay(date: Date): void {
  date.setUTCDate(date.getUTCDate() + 1);
  date.setUTCHours(0, 0, 0);
}

const nextHour = (date: Date): number => date.setUTCHours(date.getUTCHours() + 1, 0, 0);
const nextMinute = (date: Date): number => date.setUTCMinutes(date.getUTCMinutes() + 1, 0);
const nextSecond = (date: Date): number => date.setUTCSeconds(date.getUTCSeconds() + 1);
