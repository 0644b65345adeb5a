/**
 * What is generated for each good fixture, byte for byte: `fixtures/<case>/in/generated`, as in a user's
 * project. Each compiler takes it under the strictest flags, and Biome finds nothing to change.
 * `UPDATE=1` writes what is expected.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type Configuration, defaults } from "../compiler/config/configuration.ts";
import { findConfiguration, loadConfiguration } from "../compiler/config/load.ts";
import { discover } from "../compiler/discover/discover.ts";
import { openProject } from "../compiler/discover/project.ts";
import { emit } from "../compiler/emit/emit.ts";
import { read } from "../compiler/read/read.ts";
import { importPath } from "../compiler/target/import-path.ts";
import { deepFreeze } from "./deep-freeze.ts";

const root = path.join(import.meta.dirname, "..");
const fixtures = path.join(root, "fixtures");
const isUpdating = process.env["UPDATE"] === "1";
const project = openProject({ root: fixtures, tsconfig: path.join(fixtures, "tsconfig.json") });

const cases = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^SG\d{4}-/.test(entry.name))
  .map((entry) => entry.name)
  .sort();

async function configurationOf(folder: string): Promise<Configuration> {
  const found = findConfiguration(folder);
  const app = { file: "streamgen.config.ts", app: "app", appName: "app" };
  if ("diagnostics" in found) return { ...defaults, ...app };
  const { configuration } = await loadConfiguration(found);
  assert.ok(configuration, `${folder} has a configuration that cannot be loaded`);
  return configuration;
}

async function generate(folder: string): Promise<ReadonlyMap<string, string>> {
  const configuration = await configurationOf(folder);
  const { appName: app, namespace, out, include } = configuration;
  const discovered = discover({ root: folder, include, project });
  const { program } = read(discovered, { app, namespace, out });
  deepFreeze(program);
  const paths = (from: string, to: string): string => importPath(from, to, "js");
  const files = emit({ program, out, importPath: paths }, configuration);
  return new Map(files.map(({ path: file, text }) => [file, text]));
}

/** The files of a folder, by their paths in it with forward slashes. */
const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
        .map((file) => file.replaceAll("\\", "/"))
    : [];

for (const name of cases) {
  test(`fixtures/${name} gives the files that are expected`, async () => {
    const folder = path.join(fixtures, name, "in");
    const generated = path.join(folder, "generated");
    const produced = await generate(folder);
    if (isUpdating) {
      rmSync(generated, { recursive: true, force: true });
      for (const [file, text] of produced) {
        mkdirSync(path.dirname(path.join(generated, file)), { recursive: true });
        writeFileSync(path.join(generated, file), text);
      }
    }
    assert.deepEqual([...produced.keys()].sort(), [...filesIn(generated)].sort());
    for (const [file, text] of produced) {
      assert.equal(text, readFileSync(path.join(generated, file), "utf8"), `${name}/${file}`);
    }
  });
}

for (const compiler of ["typescript-5.9", "typescript-6", "typescript"]) {
  test(`${compiler} takes all that is generated under the strictest flags`, () => {
    const { stdout } = spawnSync(
      process.execPath,
      [
        path.join(root, "node_modules", compiler, "bin/tsc"),
        "-p",
        "fixtures/generated.tsconfig.json",
      ],
      { cwd: root, encoding: "utf8" },
    );
    // The fixtures' own sources need not pass flags that their users may not have set.
    const wrong = stdout
      .split("\n")
      .filter((line) => /^\S*\(\d/.test(line) && !line.includes("/src/"));
    assert.deepEqual(wrong, []);
  });
}

test("Biome finds nothing to change in what is generated", () => {
  const folders = cases.map((name) => `fixtures/${name}/in/generated`);
  const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [biome, "check", "--error-on-warnings", "--max-diagnostics=20", ...folders],
    { cwd: root, encoding: "utf8" },
  );
  assert.equal(status, 0, stdout + stderr);
});
