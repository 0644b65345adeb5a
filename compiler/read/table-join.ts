import { joinOfRowsOnly, joinOfSourced } from "../diagnostics/table-joins.ts";
import type { TableModel } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { policyOf } from "./error-policy.ts";
import { readForeignJoin } from "./foreign-join.ts";
import { readJoin } from "./join.ts";
import { choiceOption, noOptions, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolveQuietly, type Written } from "./resolve.ts";
import { isTable, readTable } from "./table.ts";
import type { ReadTrigger } from "./trigger.ts";

/** A join of topics, or of tables: the left side says which. `undefined` after a report. */
export function readAnyJoin(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const [first] = candidate.trigger.arguments;
  const isOfTables = first !== undefined && isTable(resolveQuietly(reading, first));
  return isOfTables ? readTableJoin(reading, candidate) : readJoin(reading, candidate);
}

/** A function that runs for the rows of two tables. `undefined` after a report. */
function readTableJoin(
  reading: Reading,
  { name: agent, trigger }: Candidate,
): ReadTrigger | undefined {
  const [first, second, third] = trigger.arguments;
  const allowed = ["on", "kind", "onError"];
  const options = readOptions(reading, third, { allowed, of: "Join" }) ?? noOptions;
  const gives = choiceOption(reading, options, "kind", ["inner", "left", "outer"]) ?? "inner";
  const left = first && readSide(reading, first, agent);
  const right = second && readSide(reading, second, agent);
  if (left === undefined || right === undefined) return undefined;
  const changesOf = [left.name, right.name];
  const onError = policyOf(reading, options, { agent, sources: [], changesOf });
  const on = options.get("on");
  if (on !== undefined) {
    const join = { agent, gives, left, right, on, options, span: reading.place(trigger.node) };
    const model = readForeignJoin(reading, join);
    return model && { model, onError };
  }
  return {
    model: { kind: "table-join", gives, left: left.name, right: right.name },
    onError,
  };
}

/** One row for each key: windows and sets have several. */
function readSide(reading: Reading, written: Written, agent: string): TableModel | undefined {
  const table = readTable(reading, written, "Join");
  if (table?.from !== undefined) {
    const from = { table: table.name, topic: table.from };
    reading.report(joinOfSourced(agent, from, reading.place(written.node)));
    return undefined;
  }
  if (table === undefined || (table.kind === undefined && table.window === undefined)) return table;
  reading.report(joinOfRowsOnly(agent, table.name, reading.place(written.node), table.span));
  return undefined;
}
