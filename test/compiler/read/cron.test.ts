import assert from "node:assert/strict";
import test from "node:test";
import type { CronFieldName } from "../../../compiler/model/cron.ts";
import { cronFields, readCronField, secondsField } from "../../../compiler/read/cron-field.ts";

function read(name: CronFieldName, text: string): string {
  const field = [secondsField, ...cronFields].find((each) => each.name === name);
  assert.ok(field);
  const result = readCronField(field, text);
  if ("ranges" in result) {
    return result.ranges.map(({ from, to, step }) => `${from}-${to}/${step}`).join();
  }
  const { start, end, problem } = result.mistake;
  return `${" ".repeat(start)}${"^".repeat(end - start)} ${problem}`;
}

test("fields are stars, numbers, names, ranges, steps and lists of these", () => {
  assert.equal(read("seconds", "*"), "0-59/1");
  assert.equal(read("minutes", "*/15"), "0-59/15");
  assert.equal(read("hours", "8-18/2,23"), "8-18/2,23-23/1");
  assert.equal(read("days", "1,15"), "1-1/1,15-15/1");
  assert.equal(read("months", "jan-MAR,12"), "1-3/1,12-12/1");
  assert.equal(read("weekdays", "*/2"), "0-6/2");
});

test("Sunday is the first and the last of weekdays", () => {
  assert.equal(read("weekdays", "7"), "0-0/1");
  assert.equal(read("weekdays", "0"), "0-0/1");
  assert.equal(read("weekdays", "MON-SUN"), "0-0/1,1-6/1");
  assert.equal(read("weekdays", "SAT-SUN"), "0-0/1,6-6/1");
  assert.equal(read("weekdays", "5-7/2"), "0-0/1,5-6/2");
  assert.equal(read("weekdays", "4-7/2"), "4-6/2");
  assert.equal(read("weekdays", "SUN-TUE"), "0-2/1");
});

test("what means nothing is marked where it stands", () => {
  assert.equal(read("minutes", "0-70,5"), '^^^^ "0-70" is no minute');
  assert.equal(read("minutes", "5,60"), '  ^^ "60" is no minute');
  assert.equal(read("hours", "3/2"), '^^^ "3/2" has a step, but no range');
  assert.equal(read("hours", "*/0"), '^^^ "0" is no step');
  assert.equal(read("hours", "*/x"), '^^^ "x" is no step');
  assert.equal(read("hours", "1,,2"), "   there is no hour between the commas");
  assert.equal(read("months", "FEBR"), '^^^^ "FEBR" is no month');
  assert.equal(read("weekdays", "FRI-TUE"), '^^^^^^^ "FRI-TUE" goes backwards');
  for (const text of ["L", "15W", "?", "-1", "1-", "1.5", "0x1", "1-2-3", "@daily", "*-5"]) {
    assert.match(read("days", text), /is no day of the month$/);
  }
  assert.match(read("weekdays", "MON#2"), /is no weekday$/);
});
