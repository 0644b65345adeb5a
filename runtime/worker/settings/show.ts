import type { SettingSource, ShownSetting } from "./layers.ts";
import { secretTable } from "./secret-table.ts";
import { settingTable } from "./setting-table.ts";

/**
 * Every setting as a line for people: `kafka.bootstrap  host:9092  (environment STREAMGEN_BOOTSTRAP)`.
 * Secrets are `***`, what nobody has set is `-`.
 */
export function settingsText(shown: readonly ShownSetting[]): string {
  const rows = shown.map(({ name, value, source }) => [
    name,
    value === undefined ? "-" : oneLine(String(value)),
    source === undefined ? wayIn(name) : `(${oneLine(sourceText(source))})`,
  ]);
  const width = (column: number): number =>
    Math.min(60, Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      ([name = "", value = "", from = ""]) =>
        `${name.padEnd(width(0))}  ${value.padEnd(width(1))}  ${from}\n`,
    )
    .join("");
}

/** The same as a line of JSON. */
export function settingsJson(shown: readonly ShownSetting[]): string {
  const settings = shown.map(({ name, value, source }) => ({
    name,
    value: value ?? null,
    source: source ?? null,
  }));
  return `${JSON.stringify({ type: "config", settings })}\n`;
}

function sourceText(source: SettingSource): string {
  switch (source.kind) {
    case "default":
      return "default";
    case "configuration":
      if (source.file !== undefined) return `configuration, file ${source.file}`;
      return source.variable === undefined
        ? "configuration"
        : `configuration, environment ${source.variable}`;
    case "environment":
      return source.file === undefined
        ? `environment ${source.variable}`
        : `environment ${source.variable}, file ${source.file}`;
    case "flag":
      return `flag --${source.flag}`;
    case "option":
      return "option of createWorker";
  }
}

/** How a setting that nobody has set may be set. */
function wayIn(name: string): string {
  const rows: readonly { readonly name: string; readonly variable: string }[] = [
    ...Object.values(settingTable),
    ...Object.values(secretTable),
  ];
  const row = rows.find((each) => each.name === name);
  return row === undefined ? "(not set)" : `(not set; ${row.variable})`;
}

/** What comes from outside stays on its line and does not steer the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
