import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { importPath } from "../../../compiler/target/import-path.ts";
import { readTarget, type TargetResult } from "../../../compiler/target/target.ts";
import { temporaryFolder } from "../../temporary.ts";

interface Project {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly tsconfig?: string;
  readonly type?: "module" | "commonjs";
  readonly out?: string;
  readonly typescript?: string;
  readonly files?: Readonly<Record<string, string>>;
}

function target(project: Project): TargetResult {
  const { options = {}, type = "module", out = "generated", typescript = "7.0.2" } = project;
  const root = temporaryFolder({
    "package.json": JSON.stringify({ name: "shop", ...(type === "module" && { type }) }),
    "tsconfig.json": project.tsconfig ?? JSON.stringify({ compilerOptions: options }),
    "src/shop.ts": "",
    "node_modules/typescript/package.json": `{"name":"typescript","version":"${typescript}"}`,
    ...project.files,
  });
  return readTarget({ root, out });
}

const codes = ({ diagnostics }: TargetResult): readonly string[] =>
  diagnostics.map(({ code, span }) => `${code} ${span?.line ?? 0}:${span?.column ?? 0}`);

test("nodenext that emits imports by .js", () => {
  const result = target({ options: { module: "nodenext", outDir: "dist" } });
  assert.equal(result.target.ending, "js");
  assert.deepEqual(result.diagnostics, []);
});

test("a bundler imports without an ending", () => {
  const result = target({ options: { module: "esnext", moduleResolution: "bundler" } });
  assert.equal(result.target.ending, "none");
  assert.deepEqual(result.diagnostics, []);
  assert.equal(target({ options: { module: "preserve" } }).target.ending, "none");
});

test("where TypeScript endings are allowed they are used", () => {
  for (const option of ["allowImportingTsExtensions", "rewriteRelativeImportExtensions"]) {
    const options = { module: "nodenext", [option]: true };
    assert.equal(target({ options }).target.ending, "ts");
  }
});

test("options are found through extends, and those files are inputs", () => {
  const { target: found } = target({
    tsconfig: '{ "extends": "./base.json" }',
    files: { "base.json": '{ "compilerOptions": { "module": "nodenext" } }' },
  });
  assert.equal(found.ending, "js");
  assert.deepEqual(
    found.inputs.map((file) => path.basename(file)),
    ["tsconfig.json", "base.json", "package.json"],
  );
});

test("a tsconfig that only lists projects counts by the first with files", () => {
  const { target: found } = target({
    tsconfig: '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
    files: { "tsconfig.app.json": '{ "compilerOptions": { "module": "preserve" } }' },
  });
  assert.equal(found.ending, "none");
  assert.equal(path.basename(found.tsconfig ?? ""), "tsconfig.app.json");
});

test("without a tsconfig imports end as the files do", () => {
  const root = temporaryFolder({ "package.json": "{}" });
  assert.deepEqual(readTarget({ root, out: "generated" }).diagnostics, []);
  assert.equal(readTarget({ root, out: "generated" }).target.ending, "ts");
});

test("path aliases change nothing about relative imports", () => {
  const options = { module: "nodenext", paths: { "@/*": ["./src/*"] } };
  assert.deepEqual(target({ options }).diagnostics, []);
});

test("a tsconfig that is broken is reported with its place", () => {
  assert.deepEqual(codes(target({ tsconfig: '{\n  "compilerOptions": {,\n}' })), ["SG5951 2:23"]);
  assert.deepEqual(codes(target({ tsconfig: '{ "extends": "./missing.json" }' })), ["SG5951 0:0"]);
  const unknown = target({ tsconfig: '{\n  "compilerOptions": { "module": "nodenxt" }\n}' });
  assert.deepEqual(codes(unknown), ["SG5951 2:34"]);
});

test("a module resolution that cannot find the runtime is reported", () => {
  const node10 = { module: "commonjs", moduleResolution: "node10" };
  assert.deepEqual(codes(target({ options: node10 })), ["SG5952 1:41"]);
  assert.deepEqual(codes(target({ options: { module: "commonjs" }, typescript: "5.9.3" })), [
    "SG5952 1:21",
  ]);
  assert.deepEqual(codes(target({ options: {}, typescript: "5.9.3" })), ["SG5952 0:0"]);
  assert.deepEqual(codes(target({ options: {}, typescript: "6.0.3" })), []);
  assert.deepEqual(codes(target({ options: { module: "amd" } })), ["SG5952 1:21"]);
});

test("a root folder of sources that leaves the output out is reported, unless the output is inside", () => {
  const options = { module: "nodenext", rootDir: "src", outDir: "dist" };
  const [outside] = target({ options }).diagnostics;
  assert.equal(outside?.code, "SG5953");
  assert.match(outside?.fix ?? "", /out: "src\/generated"/);
  assert.deepEqual(codes(target({ options, out: "src/generated" })), []);
  assert.deepEqual(codes(target({ options: { ...options, noEmit: true } })), []);
});

test("a project without type works where require may load modules, and is reported elsewhere", () => {
  const type = "commonjs";
  assert.deepEqual(codes(target({ type, options: { module: "nodenext" } })), []);
  assert.deepEqual(codes(target({ type, options: { module: "node20" } })), []);
  const verbatim = { module: "nodenext", verbatimModuleSyntax: true };
  assert.deepEqual(codes(target({ type, options: verbatim })), ["SG5954 1:41"]);
  assert.deepEqual(codes(target({ type, options: { module: "node16" } })), ["SG5954 1:21"]);
  const old = target({ type, options: { module: "nodenext" }, typescript: "5.7.2" });
  assert.deepEqual(codes(old), ["SG5954 1:21"]);
});

test("a tsconfig that does not include the output is warned about", () => {
  const tsconfig = '{\n  "compilerOptions": { "module": "nodenext" },\n  "include": ["src"]\n}';
  const result = target({ tsconfig });
  assert.deepEqual(codes(result), ["SG5955 3:3"]);
  assert.equal(result.diagnostics[0]?.severity, "warning");
  const files = { "generated/main.ts": "" };
  assert.deepEqual(codes(target({ tsconfig, files })), ["SG5955 3:3"]);
  const whole = tsconfig.replace('["src"]', '["src", "generated"]');
  assert.deepEqual(codes(target({ tsconfig: whole })), []);
  assert.deepEqual(codes(target({ tsconfig: whole, files })), []);
});

test("import paths are relative, with forward slashes, in every platform's spelling", () => {
  const cases = [
    ["generated/worker.ts", "src/shop.ts", "../src/shop"],
    ["generated/codecs/shop.ts", "src/deep/shop.ts", "../../src/deep/shop"],
    ["generated/worker.ts", "generated/topics.ts", "./topics"],
    ["src/generated/worker.ts", "src/shop.ts", "../shop"],
    ["generated/worker.ts", "shop.ts", "../shop"],
  ] as const;
  for (const [from, to, expected] of cases) {
    const windows = [from, to].map((file) => file.split("/").join(path.win32.sep));
    assert.equal(importPath(from, to, "js"), `${expected}.js`);
    assert.equal(importPath(windows[0] ?? "", windows[1] ?? "", "ts"), `${expected}.ts`);
    assert.equal(importPath(from, to, "none"), expected);
  }
});

test("each kind of file keeps what its ending means", () => {
  const as = (file: string): readonly string[] =>
    (["js", "ts", "none"] as const).map((ending) => importPath("main.ts", file, ending));
  assert.deepEqual(as("a.mts"), ["./a.mjs", "./a.mts", "./a.mjs"]);
  assert.deepEqual(as("a.cts"), ["./a.cjs", "./a.cts", "./a.cjs"]);
  assert.deepEqual(as("a.tsx"), ["./a.js", "./a.tsx", "./a"]);
  assert.deepEqual(as("a.d.ts"), ["./a.js", "./a.js", "./a"]);
  assert.deepEqual(as("a.js"), ["./a.js", "./a.js", "./a.js"]);
  assert.deepEqual(as("a/index.ts"), ["./a/index.js", "./a/index.ts", "./a/index"]);
});
