import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { prefixOfNoText, rangeOverRecords } from "../diagnostics/tables.ts";
import type { Program } from "../model/program.ts";
import type { TableAccessModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";

/** Whether keys have the order that functions go through them in. */
export const checkScans = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap(({ body }) =>
    body.accesses.flatMap((access) => checkAccess(program, access)),
  );

function checkAccess(
  program: Program,
  { table: name, method, span }: TableAccessModel,
): readonly Diagnostic[] {
  const table = program.tables.find((each) => each.name === name);
  if (table === undefined || (method !== "range" && method !== "prefix")) return [];
  const { key } = table;
  if (key.kind === "record") {
    return [rangeOverRecords(method, { name, key: key.name }, span, table.span)];
  }
  return method === "range" || isText(key) ? [] : [prefixOfNoText(name, span, table.span)];
}

const texts: ReadonlySet<TypeModel["kind"]> = new Set([
  "string",
  "uuid",
  "enum",
  "date",
  "local-timestamp-millis",
  "local-timestamp-micros",
]);

const isText = ({ kind }: TypeModel): boolean => texts.has(kind);
