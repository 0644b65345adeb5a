import type { CronFieldName, CronRangeModel } from "../model/cron.ts";

/** What a field of a crontab line may hold. */
export interface CronField {
  readonly name: CronFieldName;
  /** One of its values. */
  readonly word: string;
  readonly min: number;
  readonly max: number;
  /** Names of its values, the first one for `min`. */
  readonly names: readonly string[];
}

const field = (
  name: CronFieldName,
  word: string,
  range: readonly [number, number],
  names = "",
): CronField => ({
  name,
  word,
  min: range[0],
  max: range[1],
  names: names === "" ? [] : names.split(" "),
});

export const secondsField: CronField = field("seconds", "second", [0, 59]);
/** In the order they are written. */
export const cronFields: readonly CronField[] = [
  field("minutes", "minute", [0, 59]),
  field("hours", "hour", [0, 23]),
  field("days", "day of the month", [1, 31]),
  field("months", "month", [1, 12], "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  // Sunday is 0, and 7 as well.
  field("weekdays", "weekday", [0, 7], "SUN MON TUE WED THU FRI SAT"),
];

/** A part of a field that means nothing; `start` and `end` are places in the field's text. */
export interface CronMistake {
  readonly start: number;
  readonly end: number;
  readonly problem: string;
  readonly fix: string;
}

export type ReadField =
  | { readonly ranges: readonly CronRangeModel[] }
  | { readonly mistake: CronMistake };

/** `"1-5"`, `"*"`, `"0,30"`, `"MON-FRI"`, `"10-50/20"`, and lists of these. */
export function readCronField(kind: CronField, text: string): ReadField {
  const ranges: CronRangeModel[] = [];
  let start = 0;
  for (const part of text.split(",")) {
    const read = readPart(kind, part);
    if ("problem" in read) return { mistake: { start, end: start + part.length, ...read } };
    ranges.push(...read);
    start += part.length + 1;
  }
  return { ranges };
}

type Refused = Pick<CronMistake, "problem" | "fix">;

function readPart(kind: CronField, part: string): readonly CronRangeModel[] | Refused {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/.exec(part);
  if (match === null) return refused(kind, part);
  const [, star, first = "", last, every] = match;
  const step = every === undefined ? 1 : Number(every);
  if (!Number.isInteger(step) || step < 1 || !/^\d*$/.test(every ?? "")) {
    return {
      problem: `"${every}" is no step`,
      fix: "write a whole number above 0 behind the slash",
    };
  }
  if (star !== undefined) return turned(kind, { from: kind.min, to: topOf(kind), step });
  const from = valueIn(kind, first);
  const named = last === undefined ? from : valueIn(kind, last);
  if (from === undefined || named === undefined) return refused(kind, part);
  if (every !== undefined && last === undefined) {
    return {
      problem: `"${part}" has a step, but no range`,
      fix: `write "${first}-${topOf(kind)}/${every}"`,
    };
  }
  // Weeks may end with Sunday.
  const to = kind.name === "weekdays" && named === 0 && from > 0 ? kind.max : named;
  if (from > to) {
    return { problem: `"${part}" goes backwards`, fix: `write "${last}-${first}", or a list` };
  }
  return turned(kind, { from, to, step });
}

/** The last value that is not another name of the first one. */
const topOf = ({ name, max }: CronField): number => (name === "weekdays" ? max - 1 : max);

/** Sunday, where it is 7, becomes 0. */
function turned({ name, max }: CronField, range: CronRangeModel): readonly CronRangeModel[] {
  const { from, to, step } = range;
  if (name !== "weekdays" || to < max) return [range];
  const sunday = (to - from) % step === 0 ? [{ from: 0, to: 0, step: 1 }] : [];
  return from === max ? sunday : [...sunday, { from, to: max - 1, step }];
}

function valueIn({ names, min, max }: CronField, text: string): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  const value = Number(text);
  return /^\d{1,2}$/.test(text) && value >= min && value <= max ? value : undefined;
}

function refused({ word, min, max, names }: CronField, part: string): Refused {
  const [first] = names;
  const named = first === undefined ? "" : `, or ${first} to ${names.at(-1)}`;
  return {
    problem: part === "" ? `there is no ${word} between the commas` : `"${part}" is no ${word}`,
    fix: `write * or numbers from ${min} to ${max}${named}: "a", "a-b", "a-b/step", with commas between`,
  };
}
