import { badBeginning } from "../diagnostics/sources.ts";
import type { BeginningModel } from "../model/source-options.ts";
import { type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { spanMs } from "./span.ts";

/** Where a group without offsets begins; nothing where that is with the first record. */
export function readBeginning(
  reading: Reading,
  options: Options,
  agent: string,
): { readonly from?: BeginningModel } {
  const option = options.get("from");
  const text = textOption(reading, options, "from");
  if (option === undefined || text === undefined || text === "earliest") return {};
  const from = beginningOf(text);
  if (from !== undefined) return { from };
  reading.report(badBeginning(agent, text, reading.place(option.node)));
  return {};
}

function beginningOf(text: string): BeginningModel | undefined {
  if (text === "latest") return { kind: "latest" };
  if (text.startsWith("-")) {
    const ms = spanMs(text.slice(1));
    return ms === undefined ? undefined : { kind: "ago", ms };
  }
  return isMoment(text) ? { kind: "time", time: text } : undefined;
}

/** A date and a time with its zone, which exists. */
function isMoment(text: string): boolean {
  const shape = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
  const day = shape.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Dates such as 30 February become another day without a word.
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
