import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { discover, inputsOf } from "../../../compiler/discover/discover.ts";
import { pathFrom } from "../../../compiler/discover/place.ts";
import { openProject } from "../../../compiler/discover/project.ts";
import { temporaryFolder } from "../../temporary.ts";

const sources: Readonly<Record<string, string>> = {
  "tsconfig.json": '{ "compilerOptions": { "strict": true, "types": [] } }',
  "src/b.ts": 'import type { Row } from "../lib/row.ts";\nexport type B = Row;\n',
  "src/a.ts": "export type A = string;\n",
  "src/deep/c.ts": "export type C = string;\n",
  "src/B.ts": "export type Big = string;\n",
  "lib/row.ts": "export interface Row { id: string }\n",
  "node_modules/x/src/d.ts": "export type D = string;\n",
};

function filesOf(root: string, include: readonly string[], exclude?: readonly string[]): unknown {
  const discovered = discover({ root, include, exclude });
  return discovered.files.map((file) => pathFrom(discovered.root, file));
}

test("files come sorted by path, by code units", () => {
  const root = temporaryFolder(sources);
  assert.deepEqual(filesOf(root, ["src/**/*.ts"]), [
    "src/B.ts",
    "src/a.ts",
    "src/b.ts",
    "src/deep/c.ts",
  ]);
});

test("globs may begin with a dot, or leave something out", () => {
  const root = temporaryFolder(sources);
  assert.deepEqual(filesOf(root, ["./src/*.ts", "!src/B.ts"], ["./src/a.ts"]), ["src/b.ts"]);
  assert.deepEqual(filesOf(root, ["src/{a,b}.{ts,tsx}"]), ["src/a.ts", "src/b.ts"]);
  assert.deepEqual(filesOf(root, ["**/d.ts"]), [], "installed packages are never read");
});

test("the project's folder may have any name", () => {
  for (const name of ["a (1)", "[x] {y}", "we!rd $+@^", "über"]) {
    const files = Object.entries(sources).map(([file, text]) => [`${name}/${file}`, text]);
    const made = temporaryFolder(Object.fromEntries(files));
    assert.deepEqual(filesOf(path.join(made, name), ["src/a.ts"]), ["src/a.ts"], `folder ${name}`);
  }
});

test("a file that cannot be parsed is left out, with one diagnostic", () => {
  const root = temporaryFolder({
    ...sources,
    "src/broken.ts": "export const = ;\nlet let = 1 1;\n",
  });
  const { files, diagnostics } = discover({ root, include: ["src/**/*.ts"] });
  assert.equal(files.length, 4);
  assert.deepEqual(
    diagnostics.map(({ code, span }) => [code, span?.file, span?.line]),
    [["SG1001", "src/broken.ts", 1]],
  );
});

test("what sources import is an input as well, what is installed is not", () => {
  const root = temporaryFolder(sources);
  const discovered = discover({ root, include: ["src/**/*.ts"] });
  assert.deepEqual(
    inputsOf(discovered).map((file) => path.posix.relative(discovered.root, file)),
    ["lib/row.ts", "src/B.ts", "src/a.ts", "src/b.ts", "src/deep/c.ts"],
  );
});

test("without a tsconfig there are settings that work", () => {
  const { "tsconfig.json": _, ...rest } = sources;
  const root = temporaryFolder(rest);
  assert.equal(openProject({ root }).getCompilerOptions().strict, true);
  assert.equal(discover({ root, include: ["src/**/*.ts"] }).diagnostics.length, 0);
});
