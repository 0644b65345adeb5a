import { isTimer } from "../model/timer.ts";
import type { AgentModel, TableModel, TopicModel } from "../model/topology.ts";
import { array, type Code, code } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { tableName } from "./names.ts";

/** `ownRows: [orderCountsTable]`: the tables that are read by the record's own key. */
export function ownRows(
  file: GeneratedFile,
  { body, resources }: AgentModel,
  { key }: TopicModel,
): Code[] {
  if (key.kind === "none") return [];
  const isOwn = (table: TableModel): boolean =>
    (key.type.kind !== "enum" || table.key.kind === "enum") &&
    body.accesses.some((access) => {
      const isReader =
        readers.has(access.method) || (access.method === "set" && table.indexes !== undefined);
      if (access.table !== table.name || !isReader) return false;
      if (access.key.kind === "proved") return true;
      // Where senders give the key, the field that the row is found by is most likely it.
      return access.key.kind === "field" && table.key.kind === key.type.kind;
    });
  const tables = file.program.tables.filter((table) => {
    const isHere = resources.some(
      (resource) =>
        (resource.kind === "table" || resource.kind === "lookup") && resource.table === table.name,
    );
    return table.kind === undefined && isHere && isOwn(table);
  });
  if (tables.length === 0) return [];
  return [code`ownRows: ${array(tables.map(({ name }) => tableText(file, name)))}`];
}

/** Methods that need the row as it is; to follow it in indexes, `set` does, too. */
const readers: ReadonlySet<string> = new Set(["get", "getOr", "has", "delete", "update", "take"]);

/**
 * `dropsLate: [recentTable]`: the tables whose closed windows make a record late; and `lateTo`, the topic
 * that gets it.
 */
export function dropsLate(
  file: GeneratedFile,
  { late, resources }: AgentModel,
  topicText: (name: string) => Code,
): Code[] {
  if (late === "keep") return [];
  const tables = resources.flatMap((resource) =>
    resource.kind === "table" && tableOf(file, resource.table).window !== undefined
      ? [tableText(file, resource.table)]
      : [],
  );
  if (tables.length === 0) return [];
  const drops = code`dropsLate: ${array(tables)}`;
  if (late === undefined) return [drops];
  return [drops, code`lateTo: ${topicText(late.deadLetter)}`];
}

/** What a scope's methods are called: for each kind of table and, within it, of use. */
const methods = {
  plain: {
    ...{ table: "table", checked: "checkedTable" },
    ...{ lookup: "lookup", checkedLookup: "checkedLookup", global: "globalLookup", view: "view" },
  },
  indexed: {
    ...{ table: "indexed", checked: "checkedIndexed" },
    ...{ lookup: "indexedLookup", checkedLookup: "checkedIndexedLookup" },
    ...{ global: "globalIndexedLookup", view: "view" },
  },
  set: {
    ...{ table: "set", checked: "checkedSet" },
    ...{ lookup: "setLookup", checkedLookup: "setLookup", global: "setLookup", view: "setView" },
  },
  windowed: {
    ...{ table: "windowed", checked: "checkedWindowed" },
    ...{ lookup: "windowedLookup", checkedLookup: "windowedLookup" },
    ...{ global: "windowedLookup", view: "windowedView" },
  },
};

export function tableMethod(
  agent: AgentModel,
  { kind }: { readonly kind: "table" | "lookup" | "global" | "view" },
  table: TableModel,
): string {
  const names = methods[kindOf(table)];
  if (kind === "view" || kind === "global" || isCertain(agent, table)) return names[kind];
  if (kind === "table") return names.checked;
  return names[table.from === undefined ? "lookup" : "checkedLookup"];
}

function kindOf({ indexes, kind, window }: TableModel): keyof typeof methods {
  if (kind !== undefined) return kind;
  if (window !== undefined) return "windowed";
  return indexes === undefined ? "plain" : "indexed";
}

/** A timer uses the rows of its task; a record's function must use the record's own key. */
const isCertain = ({ trigger, body }: AgentModel, { name }: TableModel): boolean =>
  isTimer(trigger) ||
  body.accesses
    .filter((access) => access.table === name)
    .every(({ key }) => key.kind === "proved" || key.kind === "scan");

/** The model's table of that name. */
export function tableOf(file: GeneratedFile, name: string): TableModel {
  const table = file.program.tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`SG9008: the model has no table "${name}"`);
  return table;
}

/** The constant of a table, imported. */
export const tableText = (file: GeneratedFile, name: string): Code =>
  file.generated("tables.ts", tableName(tableOf(file, name).alias));
