import type { IndexModel, TableModel, WindowModel } from "../model/topology.ts";
import {
  arrow,
  assignment,
  type Code,
  call,
  code,
  doc,
  ident,
  literal,
  member,
  numberLiteral,
  object,
  propertyName,
  tallObject,
} from "./code.ts";
import { keyCodecText, valueCodecText } from "./codec-text.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import { tableName, topicName } from "./names.ts";
import type { OutputFile } from "./output-file.ts";
import { place } from "./place.ts";
import { render, type View } from "./render.ts";
import { typeText } from "./type-text.ts";
import { valueText } from "./value-text.ts";

/** `tables.ts`: a constant for each table. */
export function emitTables(context: EmitContext): OutputFile {
  const file = new GeneratedFile(
    "tables.ts",
    context,
    context.program.tables.map(({ alias }) => tableName(alias)),
  );
  const tables = context.program.tables.map((table) => tableView(file, table));
  return {
    path: file.path,
    text: render("tables", { header: header(), tables, imports: file.imports.code() }),
  };
}

function tableView(file: GeneratedFile, table: TableModel): View {
  if (table.kind === "set") return setView(file, table);
  const value = typeText(file, table.value);
  const found = table.default === undefined ? code`${value} | undefined` : value;
  const types = code`${typeText(file, table.key)}, ${value}, ${found}`;
  const entries = [
    code`name: ${literal(table.name)}`,
    code`key: ${keyCodecText(file, table.key)}`,
    code`value: ${valueCodecText(file, table)}`,
    code`missing: () => ${missingText(file, table)}`,
    ...changelogEntries(file, table),
  ];
  const { from, indexes, window } = table;
  if (window !== undefined) {
    const windows = code`windows: ${windowsText(file, window)}`;
    return constant(file, table, { type: "WindowedTableSpec", types }, [...entries, windows]);
  }
  const kind = indexes === undefined ? "TableSpec" : "IndexedTableSpec";
  const type = from === undefined ? kind : `Sourced${kind}`;
  const made = { type, types, maker: makerOf(table) };
  if (indexes === undefined) return constant(file, table, made, entries);
  const indexing = code`indexes: ${object(indexes.map((each) => indexText(file, value, each)))}`;
  return constant(file, table, made, [...entries, indexing]);
}

/** The function that makes more of a table's entries, where one does. */
function makerOf({ from, indexes }: TableModel): string | undefined {
  if (from !== undefined) return "sourcedTable";
  return indexes === undefined ? undefined : "indexedTable";
}

/** `export const countsTable: TableSpec<string, number, number> = { … }` */
function constant(
  file: GeneratedFile,
  table: TableModel,
  made: { readonly type: string; readonly types: Code; readonly maker?: string | undefined },
  entries: readonly Code[],
): View {
  const type = code`${file.runtimeType(made.type)}<${made.types}>`;
  const left = code`export const ${ident(tableName(table.alias))}: ${type} =`;
  const contents = tallObject(entries);
  const { maker } = made;
  return {
    doc: doc(place(table)),
    declaration:
      maker === undefined
        ? code`${left} ${contents}`
        : assignment(left, call(file.runtime(maker), [contents])),
  };
}

/** `from: customersTopic`, or the changelog that is the table's own. */
function changelogEntries(file: GeneratedFile, { changelog, from, onError }: TableModel): Code[] {
  const topic = file.program.topics.find(({ name }) => name === from);
  if (topic === undefined) return [code`changelog: ${literal(changelog)}`];
  const source = code`from: ${file.generated("topics.ts", topicName(topic.alias))}`;
  return onError === undefined ? [source] : [source, code`onError: ${literal(onError)}`];
}

/** `depot: indexOf(stringKey, (row: Arrival) => row.depot)` */
function indexText(file: GeneratedFile, row: Code, { field, type }: IndexModel): Code {
  const of = arrow(code`(row: ${row})`, code`row${member(field)}`);
  const index = call(file.runtime("indexOf"), [keyCodecText(file, type), of]);
  return code`${propertyName(field)}: ${index}`;
}
/** `{ sizeMs: 600_000, advanceMs: 60_000, graceMs: 30_000, expiresMs: 0 }` */
const windowsText = (file: GeneratedFile, window: WindowModel): Code =>
  object([
    ...shapeEntries(file, window),
    code`graceMs: ${numberLiteral(window.graceMs)}`,
    code`expiresMs: ${numberLiteral(window.expiresMs)}`,
  ]);

function shapeEntries(file: GeneratedFile, window: WindowModel): Code[] {
  if (window.kind === "session") {
    return [
      code`kind: "session"`,
      code`gapMs: ${numberLiteral(window.gapMs)}`,
      code`merge: ${file.userFunction(window.merge)}`,
    ];
  }
  const size = code`sizeMs: ${numberLiteral(window.sizeMs)}`;
  if (window.kind === "sliding") return [code`kind: "sliding"`, size];
  return [size, code`advanceMs: ${numberLiteral(window.advanceMs)}`];
}

/** What is found where there is no row, made anew for each caller. */
function missingText(file: GeneratedFile, table: TableModel): Code {
  if (table.default === undefined) return code`undefined`;
  const value = valueText(file, table.value, table.default);
  // Braces behind an arrow would be a body.
  return table.value.kind === "record" || table.value.kind === "map" ? code`(${value})` : value;
}

function setView(file: GeneratedFile, table: TableModel): View {
  const types = code`${typeText(file, table.key)}, ${typeText(file, table.value)}`;
  return constant(file, table, { type: "SetTableSpec", types }, [
    code`name: ${literal(table.name)}`,
    code`key: ${keyCodecText(file, table.key)}`,
    code`element: ${keyCodecText(file, table.value)}`,
    code`changelog: ${literal(table.changelog)}`,
  ]);
}
