/** What depends on the table of settings is in step with it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { secretTable } from "../../../../runtime/worker/settings/secret-table.ts";
import { settingTable } from "../../../../runtime/worker/settings/setting-table.ts";

const page = path.join(import.meta.dirname, "../../../../docs/configuration.md");
const mark = "<!-- settings -->";

function documented(): string {
  const settings = Object.values(settingTable).map((row) => [
    row.name,
    row.variable,
    row.flag === undefined ? "" : `--${row.flag}`,
    row.otherwise === undefined ? "" : String(row.otherwise),
    row.meaning,
  ]);
  const secrets = Object.values(secretTable).map((row) => [
    row.name,
    row.variable,
    "",
    "",
    `${row.meaning}; or \`..._FILE\`, which names a file`,
  ]);
  const code = (text: string): string => (text === "" ? "" : `\`${text}\``);
  const rows = [...settings, ...secrets].map(
    ([name = "", variable = "", flag = "", otherwise = "", meaning = ""]) =>
      `| ${code(name)} | ${code(variable)} | ${code(flag)} | ${otherwise} | ${meaning} |`,
  );
  const head = "| setting | environment | flag | default | meaning |";
  return `${[head, "| --- | --- | --- | --- | --- |", ...rows].join("\n")}\n`;
}

test("the documentation has each setting of the table; UPDATE=1 writes it", () => {
  const text = readFileSync(page, "utf8");
  const [before, table, after] = text.split(mark);
  assert.ok(before !== undefined && table !== undefined && after !== undefined);
  if (process.env["UPDATE"] === "1") {
    writeFileSync(page, `${before}${mark}\n\n${documented()}\n${mark}${after}`);
  } else assert.equal(table.trim(), documented().trim());
});
