import type { CronModel, CronRangeModel } from "../model/cron.ts";
import { type Code, code, literal, object } from "./code.ts";

/** `{ zone: "Europe/Berlin", seconds: "0", minutes: "0", hours: "3" }` */
export function cronText({ zone, fields, eitherDay, eachHour }: CronModel): Code {
  const { seconds, minutes, hours, days, months, weekdays } = fields;
  return object([
    code`zone: ${literal(zone)}`,
    ...(seconds === undefined ? [] : [code`seconds: ${rangesText(seconds)}`]),
    ...(minutes === undefined ? [] : [code`minutes: ${rangesText(minutes)}`]),
    ...(hours === undefined ? [] : [code`hours: ${rangesText(hours)}`]),
    ...(days === undefined ? [] : [code`days: ${rangesText(days)}`]),
    ...(months === undefined ? [] : [code`months: ${rangesText(months)}`]),
    ...(weekdays === undefined ? [] : [code`weekdays: ${rangesText(weekdays)}`]),
    ...(eitherDay === true ? [code`eitherDay: true`] : []),
    ...(eachHour === true ? [code`eachHour: true`] : []),
  ]);
}

/** `"0-59/15,7"` */
const rangesText = (ranges: readonly CronRangeModel[]): Code => literal(ranges.map(text).join(","));

function text({ from, to, step }: CronRangeModel): string {
  if (from === to) return String(from);
  return step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`;
}
