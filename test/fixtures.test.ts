/**
 * One folder, one test: `fixtures/<case>/in` is what a user writes. A case named after a diagnostic is
 * wrong in exactly that way and has `diagnostics.txt`; any other is good and has `model.json`, and
 * `diagnostics.txt` where there are warnings. What is generated is compared by `outputs.test.ts`.
 * Where there is a `before.json`, it is the model of the last build. `UPDATE=1` writes what is expected.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { check } from "../compiler/check/check.ts";
import { checkRenames } from "../compiler/check/renames.ts";
import { findConfiguration, loadConfiguration } from "../compiler/config/load.ts";
import { arrange } from "../compiler/diagnostics/arrange.ts";
import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import { renderText } from "../compiler/diagnostics/render-text.ts";
import { isError } from "../compiler/diagnostics/report.ts";
import { discover } from "../compiler/discover/discover.ts";
import { openProject } from "../compiler/discover/project.ts";
import { programFromJson, programToJson } from "../compiler/model/json.ts";
import type { Program } from "../compiler/model/program.ts";
import { read } from "../compiler/read/read.ts";
import { deepFreeze } from "./deep-freeze.ts";

const root = path.join(import.meta.dirname, "../fixtures");
const isUpdating = process.env["UPDATE"] === "1";
const tsconfig = path.join(root, "tsconfig.json");
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

interface Compiled {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** One project for all cases: opening one costs more than reading them. */
const project = openProject({ root, tsconfig });
const reversed = openProject({ root, tsconfig });

interface Settings {
  readonly app: string;
  readonly namespace?: string | undefined;
  readonly askTimeoutMs?: number | undefined;
}

async function settingsOf(name: string): Promise<Settings> {
  const folder = path.join(root, name, "in");
  const found = findConfiguration(folder);
  if ("diagnostics" in found) return { app: "app" };
  const { configuration } = await loadConfiguration(found);
  assert.ok(configuration, `${name} has a configuration that cannot be loaded`);
  const { appName: app, askTimeoutMs, namespace } = configuration;
  return { app, askTimeoutMs, namespace };
}

function compile(name: string, settings: Settings, within: typeof project): Compiled {
  const discovered = discover({
    root: path.join(root, name, "in"),
    include: ["src/**/*.ts"],
    project: within,
  });
  const { program, diagnostics } = read(discovered, settings);
  deepFreeze(program);
  const reading = [...discovered.diagnostics, ...diagnostics];
  const checking = check(program, !reading.some(isError));
  const renames = renamesOf(name, program);
  return { program, diagnostics: arrange([...reading, ...checking, ...renames]) };
}

function renamesOf(name: string, program: Program): readonly Diagnostic[] {
  const place = path.join(root, name, "before.json");
  if (!existsSync(place)) return [];
  const before = programFromJson(readFileSync(place, "utf8"));
  const app = { file: "streamgen.config.ts", start: 0, end: 0, line: 1, column: 1 };
  return checkRenames(before, program, app);
}

/** What a case must produce, by the name of the file that holds it. */
function produce(name: string, { program, diagnostics }: Compiled): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const readSource = (file: string) => readFileSync(path.join(root, name, "in", file), "utf8");
  if (!isWrong(name)) files.set("model.json", programToJson(program));
  if (diagnostics.length > 0) files.set("diagnostics.txt", renderText(diagnostics, { readSource }));
  return files;
}

const isWrong = (name: string): boolean => /^SG\d{4}-/.test(name);

/** What a case may have beside `in`; a file that is there and was not produced is an orphan. */
const expectedNames = ["model.json", "diagnostics.txt"];
const otherNames = ["in", "out", "expected", "before.json"];

function compare(name: string, produced: ReadonlyMap<string, string>): void {
  const strange = readdirSync(path.join(root, name)).filter(
    (file) => ![...expectedNames, ...otherNames].includes(file),
  );
  assert.deepEqual(strange, [], "nothing reads these files");
  for (const file of expectedNames) {
    const place = path.join(root, name, file);
    const text = produced.get(file);
    if (isUpdating && text === undefined) rmSync(place, { force: true });
    if (isUpdating && text !== undefined) writeFileSync(place, text);
    const expected = existsSync(place) ? readFileSync(place, "utf8") : undefined;
    assert.equal(text, expected, `fixtures/${name}/${file} differs; UPDATE=1 writes it`);
  }
}

// Files are added in opposite orders before the first type is looked at, so that nothing that comes
// from the order of files, or of a checker's own numbers, can be the same by chance.
for (const name of cases) project.addSourceFilesAtPaths(`${root}/${name}/in/src/**/*.ts`);
for (const name of cases.toReversed()) {
  for (const file of project.getSourceFiles(`${root}/${name}/in/src/**/*.ts`).toReversed()) {
    reversed.addSourceFileAtPath(file.getFilePath());
  }
}
const settings = new Map(
  await Promise.all(cases.map(async (name) => [name, await settingsOf(name)] as const)),
);
const again = new Map(
  cases
    .toReversed()
    .map((name) => [name, compile(name, settings.get(name) ?? { app: "app" }, reversed)]),
);

for (const name of cases) {
  test(`fixtures/${name}`, () => {
    const compiled = compile(name, settings.get(name) ?? { app: "app" }, project);
    compare(name, produce(name, compiled));
    assert.deepEqual(again.get(name), compiled, "the order of files changes the result");
    const wrong = compiled.diagnostics.filter((one) => isWrong(name) || isError(one));
    assert.deepEqual(
      wrong.map(({ code }) => code),
      isWrong(name) ? [name.slice(0, 6)] : [],
    );
    const text = programToJson(compiled.program);
    assert.equal(programToJson(programFromJson(text)), text);
  });
}
