import type { IndexModel, TableModel, WindowModel } from "../model/topology.ts";
import {
  arrow,
  type Code,
  call,
  code,
  doc,
  ident,
  literal,
  member,
  nothing,
  numberLiteral,
  object,
  propertyName,
} from "./code.ts";
import { keyCodecText, valueCodecText } from "./codec-text.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import { tableName } from "./names.ts";
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
    code`changelog: ${literal(table.changelog)}`,
  ];
  const view = { doc: doc(place(table)), name: ident(tableName(table.alias)) };
  const { indexes, window } = table;
  if (window !== undefined) {
    const type = code`${file.runtimeType("WindowedTableSpec")}<${types}>`;
    const windows = code`windows: ${windowsText(window)}`;
    return { ...view, ...plain, type, entries: [...entries, windows] };
  }
  if (indexes === undefined) {
    return { ...view, ...plain, type: code`${file.runtimeType("TableSpec")}<${types}>`, entries };
  }
  return {
    ...view,
    type: code`${file.runtimeType("IndexedTableSpec")}<${types}>`,
    make: code`${file.runtime("indexedTable")}(`,
    made: code`)`,
    entries: [
      ...entries,
      code`indexes: ${object(indexes.map((each) => indexText(file, value, each)))}`,
    ],
  };
}

/** Nothing is around the object. */
const plain = { make: nothing, made: nothing };

/** `depot: indexOf(stringKey, (row: Arrival) => row.depot)` */
function indexText(file: GeneratedFile, row: Code, { field, type }: IndexModel): Code {
  const of = arrow(code`(row: ${row})`, code`row${member(field)}`);
  const index = call(file.runtime("indexOf"), [keyCodecText(file, type), of]);
  return code`${propertyName(field)}: ${index}`;
}
/** `{ sizeMs: 600_000, advanceMs: 60_000, graceMs: 30_000, expiresMs: 0 }` */
const windowsText = ({ sizeMs, advanceMs, graceMs, expiresMs }: WindowModel): Code =>
  object([
    code`sizeMs: ${numberLiteral(sizeMs)}`,
    code`advanceMs: ${numberLiteral(advanceMs)}`,
    code`graceMs: ${numberLiteral(graceMs)}`,
    code`expiresMs: ${numberLiteral(expiresMs)}`,
  ]);

/** What is found where there is no row, made anew for each caller. */
function missingText(file: GeneratedFile, table: TableModel): Code {
  if (table.default === undefined) return code`undefined`;
  const value = valueText(file, table.value, table.default);
  // Braces behind an arrow would be a body.
  return table.value.kind === "record" || table.value.kind === "map" ? code`(${value})` : value;
}

function setView(file: GeneratedFile, table: TableModel): View {
  const types = code`${typeText(file, table.key)}, ${typeText(file, table.value)}`;
  return {
    ...plain,
    doc: doc(place(table)),
    name: ident(tableName(table.alias)),
    type: code`${file.runtimeType("SetTableSpec")}<${types}>`,
    entries: [
      code`name: ${literal(table.name)}`,
      code`key: ${keyCodecText(file, table.key)}`,
      code`element: ${keyCodecText(file, table.value)}`,
      code`changelog: ${literal(table.changelog)}`,
    ],
  };
}
