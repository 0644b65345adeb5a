/** Crontab lines against clocks: every minute of some years is asked whether it is due. */
import assert from "node:assert/strict";
import test from "node:test";
import { CronSchedule } from "../../../../runtime/worker/cron/schedule.ts";
import type { CronSpec } from "../../../../runtime/worker/cron/spec.ts";
import { type Random, random } from "../../../random.ts";

const minuteMs = 60_000;

/** Ticks of a line from one moment to another, as texts in UTC. */
function ticks(spec: CronSpec, from: string, to: string): readonly string[] {
  const schedule = new CronSchedule(spec);
  const found: string[] = [];
  const end = Date.parse(to);
  for (let at = schedule.next(Date.parse(from) - 1); at !== undefined && at < end; ) {
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
    at = schedule.next(at);
  }
  return found;
}

const berlin = { zone: "Europe/Berlin", seconds: "0" };

test("a line ticks by the clocks of its zone, summer and winter", () => {
  const daily = { ...berlin, minutes: "0", hours: "3" };
  assert.deepEqual(ticks(daily, "2026-03-27T00:00Z", "2026-03-31T00:00Z"), [
    "2026-03-27T02:00Z",
    "2026-03-28T02:00Z",
    "2026-03-29T01:00Z",
    "2026-03-30T01:00Z",
  ]);
});

test("times that clocks leave out are due at the change, once", () => {
  const half = { ...berlin, minutes: "15,30", hours: "2" };
  assert.deepEqual(ticks(half, "2026-03-28T12:00Z", "2026-03-30T12:00Z"), [
    "2026-03-29T01:00Z",
    "2026-03-30T00:15Z",
    "2026-03-30T00:30Z",
  ]);
  const both = { ...berlin, minutes: "0", hours: "2,3" };
  assert.deepEqual(ticks(both, "2026-03-29T00:00Z", "2026-03-29T12:00Z"), ["2026-03-29T01:00Z"]);
});

test("times that clocks show twice count the first time", () => {
  const half = { ...berlin, minutes: "30", hours: "2" };
  assert.deepEqual(ticks(half, "2026-10-24T12:00Z", "2026-10-26T12:00Z"), [
    "2026-10-25T00:30Z",
    "2026-10-26T01:30Z",
  ]);
});

test("a line for each hour goes by the hours that there are", () => {
  const hourly = { ...berlin, minutes: "30", eachHour: true as const };
  assert.deepEqual(ticks(hourly, "2026-10-24T23:00Z", "2026-10-25T03:00Z"), [
    "2026-10-24T23:30Z",
    "2026-10-25T00:30Z",
    "2026-10-25T01:30Z",
    "2026-10-25T02:30Z",
  ]);
  assert.deepEqual(ticks(hourly, "2026-03-29T00:00Z", "2026-03-29T02:00Z"), [
    "2026-03-29T00:30Z",
    "2026-03-29T01:30Z",
  ]);
});

test("a day of the month or a weekday, or both", () => {
  const utc = { zone: "UTC", seconds: "0", minutes: "0", hours: "0", days: "13", weekdays: "5" };
  assert.deepEqual(ticks(utc, "2026-01-01T00:00Z", "2026-12-01T00:00Z"), [
    "2026-02-13T00:00Z",
    "2026-03-13T00:00Z",
    "2026-11-13T00:00Z",
  ]);
  const either = { ...utc, eitherDay: true as const, months: "2" };
  assert.deepEqual(ticks(either, "2026-02-01T00:00Z", "2026-03-01T00:00Z"), [
    "2026-02-06T00:00Z",
    "2026-02-13T00:00Z",
    "2026-02-20T00:00Z",
    "2026-02-27T00:00Z",
  ]);
});

test("a leap day on a Sunday is found, a thirtieth of February never", () => {
  const leap = { zone: "UTC", seconds: "0", minutes: "0", hours: "12", days: "29", months: "2" };
  const sunday = new CronSchedule({ ...leap, weekdays: "0" });
  const found = sunday.next(Date.parse("2026-01-01T00:00Z"));
  assert.equal(new Date(found ?? 0).toISOString(), "2032-02-29T12:00:00.000Z");
  assert.equal(new CronSchedule({ ...leap, days: "30" }).next(0), undefined);
});

test("seconds are for lines with six fields", () => {
  const spec = { zone: "UTC", seconds: "0-59/20", minutes: "59", hours: "23" };
  const schedule = new CronSchedule(spec);
  const at = Date.parse("2026-01-01T23:59:20Z");
  assert.equal(schedule.next(at), at + 20_000);
  assert.equal(schedule.next(at + 20_000), at - 20_000 + 86_400_000);
  assert.equal(schedule.next(at + 1), at + 20_000);
});

test("a zone that this Node does not know is SG8521", () => {
  assert.throws(() => new CronSchedule({ zone: "Mars/Base" }), { code: "SG8521" });
});

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "Pacific/Apia",
];

/** What clocks show at each minute of some time. */
function shownMinutes(zone: string, begin: number, end: number): readonly number[] {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const shownAt = (time: number): number => Date.parse(`${format.format(time).replace(" ", "T")}Z`);
  const hourMs = 60 * minuteMs;
  const shown: number[] = [];
  for (let hour = begin; hour < end; hour += hourMs) {
    const first = shownAt(hour);
    // In hours without a change, minutes follow each other.
    const isPlain = shownAt(hour + hourMs) - first === hourMs;
    for (let past = 0; past < hourMs; past += minuteMs) {
      shown.push(isPlain ? first + past : shownAt(hour + past));
    }
  }
  return shown;
}

/** By the definition: each moment is looked at by itself. */
function bruteForce(shown: readonly number[], begin: number, spec: CronSpec): readonly number[] {
  const wanted = matcher(spec);
  const seen = new Set<number>();
  const due: number[] = [];
  let last = (shown[0] ?? 0) - minuteMs;
  for (const [index, time] of shown.entries()) {
    let isDue = wanted(time) && (spec.eachHour === true || !seen.has(time));
    // What was left out on the way here.
    for (let gone = last + minuteMs; gone < time && spec.eachHour !== true; gone += minuteMs) {
      if (wanted(gone)) isDue = true;
    }
    if (isDue) due.push(begin + index * minuteMs);
    seen.add(time);
    last = time;
  }
  return due;
}

function matcher(spec: CronSpec): (shown: number) => boolean {
  const within = (text: string | undefined, value: number): boolean =>
    text === undefined ||
    text.split(",").some((part) => {
      const [range = "", step = "1"] = part.split("/");
      const [from = "", to = from] = range.split("-");
      const isInside = value >= Number(from) && value <= Number(to);
      return isInside && (value - Number(from)) % Number(step) === 0;
    });
  return (shown) => {
    const date = new Date(shown);
    const isDay = within(spec.days, date.getUTCDate());
    const isWeekday = within(spec.weekdays, date.getUTCDay());
    return (
      (spec.eitherDay === true ? isDay || isWeekday : isDay && isWeekday) &&
      within(spec.months, date.getUTCMonth() + 1) &&
      within(spec.hours, date.getUTCHours()) &&
      within(spec.minutes, date.getUTCMinutes())
    );
  };
}

function randomField(rng: Random, min: number, max: number): string | undefined {
  const number = (): number => min + rng.int(max - min + 1);
  switch (rng.int(4)) {
    case 0:
      return String(number());
    case 1:
      return `${number()},${number()},${number()}`;
    case 2: {
      const [a, b] = [number(), number()];
      return `${Math.min(a, b)}-${Math.max(a, b)}/${1 + rng.int(7)}`;
    }
    default:
      return undefined;
  }
}

function randomSpec(rng: Random, zone: string): CronSpec {
  // Not too many: asking for a tick takes some fifty microseconds.
  const minutes = rng.pick(["0", "17", "1,30,59", "0-59/25"]);
  const hours = rng.int(3) === 0 ? "0-3" : randomField(rng, 0, 23);
  const days = rng.int(3) === 0 ? randomField(rng, 1, 31) : undefined;
  const months = rng.int(5) === 0 ? randomField(rng, 1, 12) : undefined;
  const weekdays = rng.int(3) === 0 ? randomField(rng, 0, 6) : undefined;
  return {
    zone,
    seconds: "0",
    minutes,
    ...(hours === undefined ? { eachHour: true } : { hours }),
    ...(days !== undefined && { days }),
    ...(months !== undefined && { months }),
    ...(weekdays !== undefined && { weekdays }),
    ...(days !== undefined && weekdays !== undefined && rng.int(2) === 0 && { eitherDay: true }),
  };
}

test("random lines tick when every minute says so", async (t) => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  t.diagnostic(`seed ${seed}`);
  const rng = random(seed);
  for (const zone of zones) {
    const year = 2007 + rng.int(20);
    const begin = Date.UTC(zone === "Pacific/Apia" ? 2011 : year, rng.int(12), 1);
    const end = begin + 370 * 86_400_000;
    const minutes = shownMinutes(zone, begin, end);
    for (let round = 0; round < 2; round += 1) {
      const spec = randomSpec(rng, zone);
      const schedule = new CronSchedule(spec);
      const found: number[] = [];
      for (let at = schedule.next(begin - 1); at !== undefined && at < end; ) {
        found.push(at);
        at = schedule.next(at);
      }
      const expected = bruteForce(minutes, begin, spec);
      const differs = expected.findIndex((at, index) => at !== found[index]);
      const text = `${JSON.stringify(spec)} from ${new Date(begin).toISOString()}, seed ${seed}`;
      assert.equal(found[differs], expected[differs], text);
      assert.equal(found.length, expected.length, text);
    }
  }
});
