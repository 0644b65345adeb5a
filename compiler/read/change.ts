import { changesOfSourced } from "../diagnostics/sourced-tables.ts";
import type { Candidate } from "./candidates.ts";
import { policyOf } from "./error-policy.ts";
import { noOptions, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { readTable } from "./table.ts";
import type { ReadTrigger } from "./trigger.ts";

/** A function that runs for what has changed in a table. `undefined` after a report. */
export function readChange(
  reading: Reading,
  { name: agent, trigger }: Candidate,
): ReadTrigger | undefined {
  const [first, second] = trigger.arguments;
  const options = readOptions(reading, second, { allowed: ["onError"], of: "Change" }) ?? noOptions;
  const table = first && readTable(reading, first, "Change");
  if (first === undefined || table === undefined) return undefined;
  const topic = reading.topics.get(table.from ?? "");
  if (topic !== undefined) {
    reading.report(changesOfSourced(agent, table.name, topic, reading.place(first.node)));
  }
  const onError = policyOf(reading, options, { agent, sources: [], changesOf: [table.name] });
  return { model: { kind: "change", table: table.name }, onError };
}
