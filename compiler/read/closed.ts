import { badSpan } from "../diagnostics/topology.ts";
import { neverIdle, notWindowed } from "../diagnostics/windows.ts";
import { policyOf } from "./error-policy.ts";
import { noOptions, type Options, readOptions, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import type { Resolved } from "./resolve.ts";
import { spanMs } from "./span.ts";
import { readTable } from "./table.ts";
import type { ReadTrigger } from "./trigger.ts";

/** A function that runs for each window of a table when it closes. `undefined` after a report. */
export function readClosed(
  reading: Reading,
  trigger: Resolved & { kind: "library" },
  agent: string,
): ReadTrigger | undefined {
  const [first, second] = trigger.arguments;
  const allowed = ["onError", "idle"];
  const options = readOptions(reading, second, { allowed, of: "Closed" }) ?? noOptions;
  const onError = policyOf(reading, options, { agent, sources: [], what: "a closed window" });
  const idleMs = readIdle(reading, options);
  const table = first && readTable(reading, first, "Closed");
  if (first === undefined || table === undefined) return undefined;
  if (table.window === undefined) {
    reading.report(notWindowed(table.name, reading.place(first.node), table.span));
    return undefined;
  }
  if (options.get("idle") === undefined) {
    reading.report(neverIdle(agent, table.name, reading.place(trigger.node)));
  }
  const model = { kind: "closed", table: table.name } as const;
  return { model: idleMs === undefined ? model : { ...model, idleMs }, onError };
}

function readIdle(reading: Reading, options: Options): number | undefined {
  const option = options.get("idle");
  const text = textOption(reading, options, "idle");
  if (option === undefined || text === undefined || text === "never") return undefined;
  const ms = spanMs(text);
  if (ms === undefined) reading.report(badSpan(text, "Closed", reading.place(option.node)));
  return ms;
}
