import { Node, type TypeNode } from "ts-morph";
import {
  cronFieldsMissing,
  cronFieldWrong,
  cronNever,
  unknownZone,
} from "../diagnostics/timers.ts";
import { nameNotLiteral } from "../diagnostics/topology.ts";
import { placeAt } from "../discover/place.ts";
import type { CronFieldName, CronModel, CronRangeModel } from "../model/cron.ts";
import type { Span } from "../model/span.ts";
import { cronFields, readCronField, secondsField } from "./cron-field.ts";
import { readLiteral } from "./literal.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";

/** The crontab line and zone of `Cron<line, zone>`. `undefined` after a report. */
export function readCron(
  reading: Reading,
  [line, zone]: readonly Written[],
  node: TypeNode,
): CronModel | undefined {
  const literal = line && readLiteral(reading, line);
  if (line === undefined || literal?.kind !== "text") {
    reading.report(nameNotLiteral("timer", reading.place(line?.node ?? node)));
    return undefined;
  }
  const named = readZone(reading, zone);
  const fields = readFields(reading, line, literal.value);
  if (named === undefined || fields === undefined) return undefined;
  const model = modelOf(literal.value, named, fields);
  if (everComes(model)) return model;
  reading.report(cronNever(literal.value, reading.place(line.node)));
  return undefined;
}

function readFields(
  reading: Reading,
  line: Written,
  text: string,
): ReadonlyMap<CronFieldName, CronText> | undefined {
  const parts = [...text.matchAll(/\S+/g)];
  if (parts.length !== 5 && parts.length !== 6) {
    reading.report(cronFieldsMissing(text, parts.length, reading.place(line.node)));
    return undefined;
  }
  const kinds = parts.length === 6 ? [secondsField, ...cronFields] : cronFields;
  const fields = new Map<CronFieldName, CronText>();
  for (const [index, kind] of kinds.entries()) {
    const [part = ""] = parts[index] ?? [];
    const read = readCronField(kind, part);
    if ("ranges" in read) {
      fields.set(kind.name, { text: part, ranges: read.ranges });
      continue;
    }
    const begin = parts[index]?.index ?? 0;
    const { start, end } = read.mistake;
    const place = { start: begin + start, end: begin + Math.max(end, start + 1) };
    reading.report(cronFieldWrong(read.mistake, placeInText(reading, line, place)));
  }
  return fields.size === kinds.length ? fields : undefined;
}

interface CronText {
  readonly text: string;
  readonly ranges: readonly CronRangeModel[];
}

function modelOf(
  expression: string,
  zone: string,
  texts: ReadonlyMap<CronFieldName, CronText>,
): CronModel {
  const begins = (name: CronFieldName): boolean => texts.get(name)?.text.startsWith("*") === true;
  const fields: Partial<Record<CronFieldName, readonly CronRangeModel[]>> = texts.has("seconds")
    ? {}
    : { seconds: [{ from: 0, to: 0, step: 1 }] };
  for (const [name, { text, ranges }] of texts) {
    if (text !== "*" && text !== "*/1") fields[name] = ranges;
  }
  return {
    expression,
    zone,
    fields,
    ...(!begins("days") && !begins("weekdays") && { eitherDay: true }),
    ...(begins("hours") && { eachHour: true }),
  };
}

/** In a leap year. */
const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether some month has one of the days. */
function everComes({ fields, eitherDay }: CronModel): boolean {
  const { days, months = [{ from: 1, to: 12, step: 1 }] } = fields;
  if (days === undefined || eitherDay === true) return true;
  const first = Math.min(...days.map(({ from }) => from));
  return months.some(({ from, to, step }) =>
    daysOfMonths.some((length, index) => {
      const month = index + 1;
      return month >= from && month <= to && (month - from) % step === 0 && first <= length;
    }),
  );
}

function readZone(reading: Reading, zone: Written | undefined): string | undefined {
  if (zone === undefined) return "UTC";
  const literal = readLiteral(reading, zone);
  if (literal?.kind !== "text") {
    reading.report(nameNotLiteral("time zone", reading.place(zone.node)));
    return undefined;
  }
  if (isZone(literal.value)) return literal.value;
  reading.report(
    unknownZone(literal.value, Intl.supportedValuesOf("timeZone"), reading.place(zone.node)),
  );
  return undefined;
}

/** Offsets such as "+01:00" are none: they know no daylight saving. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** The part of a text literal from `start` to `end`; all of it where it is written with escapes. */
function placeInText(
  reading: Reading,
  written: Written,
  { start, end }: { readonly start: number; readonly end: number },
): Span {
  const { node } = resolve(reading, written);
  const text = Node.isLiteralTypeNode(node) ? node.getLiteral() : undefined;
  const isPlain = Node.isStringLiteral(text) || Node.isNoSubstitutionTemplateLiteral(text);
  if (!isPlain || text.getText().length !== text.getLiteralValue().length + 2) {
    return reading.place(written.node);
  }
  const begin = text.getStart() + 1;
  return placeAt(reading.discovered.root, text.getSourceFile(), {
    start: begin + start,
    end: begin + end,
  });
}
