import type { Node } from "ts-morph";
import { badSpan, nameNotLiteral } from "../diagnostics/topology.ts";
import type { Candidate } from "./candidates.ts";
import { readCron } from "./cron.ts";
import { policyOf } from "./error-policy.ts";
import { readLiteral } from "./literal.ts";
import { flagOption, noOptions, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import type { Written } from "./resolve.ts";
import { spanMs } from "./span.ts";
import type { ReadTrigger } from "./trigger.ts";

/** `Every<"30s", options>` or `Cron<line, zone, options>`. `undefined` after a report. */
export function readTimer(
  reading: Reading,
  { name: agent, trigger }: Candidate,
): ReadTrigger | undefined {
  const { name, arguments: given, node } = trigger;
  const last = name === "Cron" ? given[2] : given[1];
  const allowed = ["onError", "leader"];
  const options = readOptions(reading, last, { allowed, of: name }) ?? noOptions;
  const onError = policyOf(reading, options, { agent, sources: [], what: "a tick" });
  const leader = flagOption(reading, options, "leader") ? ({ leader: true } as const) : {};
  if (name === "Cron") {
    const cron = readCron(reading, given, node);
    return cron && { model: { kind: "cron", cron, ...leader }, onError };
  }
  const everyMs = readEvery(reading, given[0], node);
  return everyMs === undefined
    ? undefined
    : { model: { kind: "every", everyMs, ...leader }, onError };
}

/** The interval of a timer. `undefined` after a report. */
export function readEvery(
  reading: Reading,
  span: Written | undefined,
  node: Node,
): number | undefined {
  const literal = span && readLiteral(reading, span);
  const place = reading.place(span?.node ?? node);
  if (literal?.kind !== "text") {
    reading.report(nameNotLiteral("timer", place));
    return undefined;
  }
  const ms = spanMs(literal.value);
  if (ms === undefined) reading.report(badSpan(literal.value, "Every", place));
  return ms;
}
