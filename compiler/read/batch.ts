import type { Node } from "ts-morph";
import { badCount, badSpan, optionMissing } from "../diagnostics/topology.ts";
import type { BatchModel } from "../model/source-options.ts";
import { flagOption, numberOption, type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { spanMs } from "./span.ts";

/** All of them are in memory at once. */
const maxOfMax = 100_000;

/** How many records a function gets at once. `undefined` after a report. */
export function readBatch(
  reading: Reading,
  options: Options,
  agent: { readonly name: string; readonly node: Node },
): { readonly batch: BatchModel } | undefined {
  const subject = `the batch of agent "${agent.name}"`;
  const missing = ["max", "within"].find((name) => !options.has(name));
  if (missing !== undefined) {
    reading.report(optionMissing(missing, subject, reading.place(agent.node)));
    return undefined;
  }
  const max = numberOption(reading, options, "max");
  const within = textOption(reading, options, "within");
  const events = flagOption(reading, options, "events");
  if (max === undefined || within === undefined) return undefined;
  const placeOf = (name: string) => reading.place(options.get(name)?.node ?? agent.node);
  if (!Number.isInteger(max) || max < 1 || max > maxOfMax) {
    const count = { name: "records", value: max, max: maxOfMax };
    reading.report(badCount(count, subject, placeOf("max")));
    return undefined;
  }
  const withinMs = spanMs(within);
  if (withinMs === undefined) {
    reading.report(badSpan(within, "within", placeOf("within")));
    return undefined;
  }
  return { batch: { max, withinMs, ...(events && { events: true as const }) } };
}
