import type { Node } from "ts-morph";
import { tableTwice } from "../diagnostics/names.ts";
import { badDefault } from "../diagnostics/records.ts";
import {
  nameNotLiteral,
  notATable,
  optionMissing,
  optionNotLiteral,
} from "../diagnostics/topology.ts";
import type { TableModel } from "../model/topology.ts";
import type { JsonModel, TypeModel } from "../model/type.ts";
import { jsonDefault, plainJson } from "./default.ts";
import { readFormerName } from "./former-name.ts";
import { readElementType, readKeyType } from "./key.ts";
import { readLiteral } from "./literal.ts";
import { type Option, type Options, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import { checkUnsourced, readSourcedRows, type SourcedRows } from "./sourced-table.ts";
import { readIndexes } from "./table-indexes.ts";
import { aliasOf } from "./topic.ts";
import { checkTopicName } from "./topic-name.ts";
import { inline } from "./where.ts";
import { readWindow } from "./window.ts";

/** Reads the table that a type names, and remembers it. `undefined` after a report. */
export function readTable(
  reading: Reading,
  written: Written,
  user: string,
): TableModel | undefined {
  const type = resolve(reading, written);
  if (type.kind === "unresolved") return undefined;
  if (isTable(type)) return readTableType(reading, type);
  reading.report(notATable(written.node.getText(), user, reading.place(written.node)));
  return undefined;
}

/** Whether a type is one of the language's tables. */
export const isTable = (type: Resolved): type is LibraryType =>
  type.kind === "library" && optionsOf.has(type.name);

const optionsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["Table", ["key", "value", "from", "global", "default", "index", "onError", "was"]],
  ["SetTable", ["key", "element", "was"]],
  ["WindowedTable", ["key", "value", "default", "window", "grace", "expires", "was"]],
]);

type LibraryType = Resolved & { kind: "library" };

export function readTableType(reading: Reading, type: LibraryType): TableModel | undefined {
  const [first, second] = type.arguments;
  const literal = first && readLiteral(reading, first);
  if (first === undefined || literal?.kind !== "text") {
    reading.report(nameNotLiteral("table", reading.place(first?.node ?? type.node)));
    return undefined;
  }
  const name = literal.value;
  const subject = `table "${name}"`;
  checkTopicName(reading, name, first.node);
  const isSet = type.name === "SetTable";
  const allowed = optionsOf.get(type.name) ?? [];
  const options = readOptions(reading, second, { allowed, of: subject });
  if (options === undefined) return undefined;
  const { alias, doc, node } = aliasOf(type, name);
  const owner = { subject, alias, place: second?.node ?? type.node };
  const types = readRows(reading, options, owner, isSet ? readElement : readValue);
  if (types === undefined) return undefined;
  const { key, value, ...sourced } = types;
  const windowed = readWindows(reading, type, { options, subject });
  if (windowed === undefined) return undefined;
  const missing = readDefault(reading, options, value, subject);
  const indexes = readIndexes(reading, options, value, owner);
  return remember(reading, {
    name,
    ...(isSet && { kind: "set" as const }),
    alias,
    ...(doc !== undefined && { doc }),
    key,
    value,
    valueDeclaration:
      value.kind === "record" ? reading.named.records.get(value.name)?.declaration : undefined,
    ...(missing !== undefined && { default: missing }),
    ...(indexes.length > 0 && { indexes }),
    ...windowed,
    ...sourced,
    ...readChangelog(reading, options, name, sourced),
    span: reading.place(node),
  });
}

/** A table that had another name keeps its changelog; that of a topic's table is the topic. */
function readChangelog(
  reading: Reading,
  options: Options,
  name: string,
  { from }: Pick<TableModel, "from">,
): Pick<TableModel, "was" | "changelog"> {
  if (from !== undefined) return { changelog: from };
  const former = readFormerName(reading, options);
  return { ...former, changelog: `${reading.options.app}-${former.was ?? name}-changelog` };
}

/** Nothing where a table has no windows; `undefined` after a report. */
function readWindows(
  reading: Reading,
  { arguments: [, written], name, node }: Resolved & { kind: "library" },
  { options, subject }: { readonly options: Options; readonly subject: string },
): Pick<TableModel, "window"> | undefined {
  if (name !== "WindowedTable") return {};
  const window = readWindow(reading, options, { subject, place: written?.node ?? node });
  return window && { window };
}

interface Owner {
  readonly subject: string;
  readonly alias: string;
  readonly place: Node;
}

/** Reads the type of what a key has. */
interface HeldReader {
  readonly option: "value" | "element";
  read(reading: Reading, option: Option, owner: Owner): TypeModel | undefined;
}

const readElement: HeldReader = { option: "element", read: readElementType };

const readValue: HeldReader = {
  option: "value",
  read: (reading, option, owner) =>
    reading.readType(reading, option.type, {
      name: `${owner.alias}Value`,
      fixedName: `${owner.alias}_value`,
      subject: `the value of ${owner.subject}`,
      namespace: reading.options.namespace,
      declaration: inline,
      optional: false,
      within: [],
    }),
};

/** What keys and rows are: a topic's, or as it is written. */
function readRows(
  reading: Reading,
  options: Options,
  owner: Owner,
  held: HeldReader,
): SourcedRows | undefined {
  const from = options.get("from");
  if (from !== undefined) return readSourcedRows(reading, options, from, owner.subject);
  checkUnsourced(reading, options, owner.subject);
  const key = options.get("key");
  const value = options.get(held.option);
  if (key === undefined || value === undefined) {
    const missing = key === undefined ? "key" : held.option;
    reading.report(optionMissing(missing, owner.subject, reading.place(owner.place)));
    return undefined;
  }
  const keyType = readKeyType(reading, key, owner);
  const valueType = held.read(reading, value, owner);
  return keyType && valueType && { key: keyType, value: valueType };
}

/** What is found where there is no row; checked against the value's type when records are known. */
function readDefault(
  reading: Reading,
  options: Options,
  value: TypeModel,
  subject: string,
): JsonModel | undefined {
  const option = options.get("default");
  if (option === undefined) return undefined;
  const span = reading.place(option.node);
  const literal = readLiteral(reading, option.type);
  if (literal === undefined) {
    reading.report(optionNotLiteral("default", "a literal", span));
    return undefined;
  }
  reading.later.push(() => {
    if (jsonDefault(reading.named, value, literal) !== undefined) return;
    reading.report(badDefault(option.node.getText(), subject, span));
  });
  return plainJson(literal);
}

/** One name is one table: the first declaration holds, and another one must say the same. */
function remember(reading: Reading, table: TableModel): TableModel {
  const known = reading.tables.get(table.name);
  if (known === undefined) {
    reading.tables.set(table.name, table);
    return table;
  }
  if (sameShape(known) !== sameShape(table)) {
    reading.report(tableTwice(table.name, table.span, known.span));
  }
  return known;
}

const sameShape = ({ alias, doc, span, ...shape }: TableModel): string => JSON.stringify(shape);
