import { endlessValue } from "../diagnostics/records.ts";
import { partsOf } from "../model/parts.ts";
import type { RecordModel, TypeModel, TypeName } from "../model/type.ts";
import type { Reading } from "./reading.ts";

/** Marks records that can hold another one of themselves, and reports those that always would. */
export function finishRecords(reading: Reading): void {
  const { records } = reading.named;
  for (const record of records.values()) {
    const recursive = reachable(records, typesIn(record)).has(record.name);
    records.set(record.name, { ...record, recursive });
  }
  const finite = finiteRecords(records);
  for (const record of records.values()) {
    const isWhole = !reading.named.incomplete.has(record.name);
    const field = record.fields.find((one) => !canEnd(one.type, finite));
    if (isWhole && field !== undefined && record.recursive) {
      reading.report(endlessValue(record.typescriptName, field.name, field.span));
    }
  }
}

const typesIn = (record: RecordModel): readonly TypeModel[] =>
  record.fields.map((field) => field.type);

/** The full names of the named types that are met on the way through some types. */
export function reachable(
  records: ReadonlyMap<TypeName, RecordModel>,
  types: readonly TypeModel[],
): ReadonlySet<TypeName> {
  const names = new Set<TypeName>();
  const waiting = [...types];
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop()) {
    waiting.push(...partsOf(type));
    if (!("name" in type) || names.has(type.name)) continue;
    names.add(type.name);
    const record = type.kind === "record" ? records.get(type.name) : undefined;
    if (record !== undefined) waiting.push(...typesIn(record));
  }
  return names;
}

/** The records that have a value which ends; found from the innermost outwards. */
function finiteRecords(records: ReadonlyMap<TypeName, RecordModel>): ReadonlySet<TypeName> {
  const finite = new Set<TypeName>();
  for (let before = -1; before < finite.size; ) {
    before = finite.size;
    for (const record of records.values()) {
      if (typesIn(record).every((type) => canEnd(type, finite))) finite.add(record.name);
    }
  }
  return finite;
}

function canEnd(type: TypeModel, finite: ReadonlySet<TypeName>): boolean {
  if (type.kind === "record") return finite.has(type.name);
  if (type.kind !== "union") return true;
  return type.branches.some((branch) => canEnd(branch.type, finite));
}
