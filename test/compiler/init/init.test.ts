import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { findConfiguration, loadConfiguration } from "../../../compiler/config/load.ts";
import {
  carryOutInit,
  type InitPlan,
  type InitProblem,
  planInit,
} from "../../../compiler/init/init.ts";
import { readTarget } from "../../../compiler/target/target.ts";
import { temporaryFolder } from "../../temporary.ts";

const version = "1.2.3";

function planned(plan: InitPlan | InitProblem): InitPlan {
  assert.ok(!("problem" in plan), JSON.stringify(plan));
  return plan;
}

function content(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

test("a new project has six files, its own name and this version", async () => {
  const cwd = temporaryFolder();
  const plan = planned(planInit({ cwd, name: "My Shop", version }));
  carryOutInit(plan);
  assert.ok(plan.isNew);
  assert.deepEqual(
    plan.files.map((file) => file.path),
    [
      "package.json",
      "tsconfig.json",
      "streamgen.config.ts",
      "src/hello.ts",
      "test/hello.test.ts",
      ".gitignore",
    ],
  );
  const package_: unknown = JSON.parse(content(plan.folder, "package.json"));
  assert.deepEqual(package_, {
    name: "my-shop",
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      start: "streamgen run --embedded",
      dev: "streamgen dev",
      build: "streamgen build && tsc",
      check: "streamgen check",
      test: "npm run build && cd dist && node --test",
    },
    dependencies: { "@streamgen/runtime": version },
    devDependencies: { "@types/node": "^20.19.0", streamgen: version, typescript: "^7.0.2" },
  });
  assert.deepEqual(readTarget({ root: plan.folder, out: "generated" }).diagnostics, []);
  assert.equal(readTarget({ root: plan.folder, out: "generated" }).target.ending, "ts");
});

test("the configuration of a new project loads", async () => {
  const plan = planned(planInit({ cwd: temporaryFolder(), name: "hello", version }));
  const text = plan.files.find((file) => file.path === "streamgen.config.ts")?.text ?? "";
  const root = temporaryFolder({
    "streamgen.config.ts": text,
    "node_modules/streamgen/package.json":
      '{"name":"streamgen","type":"module","exports":{"./config":"./config.js"}}',
    "node_modules/streamgen/config.js": "export const defineConfig = (config) => config;",
  });
  const found = findConfiguration(root);
  assert.ok("root" in found);
  assert.equal((await loadConfiguration(found)).configuration?.appName, "hello");
});

test("the first source file is short enough to be read at once", () => {
  const plan = planned(planInit({ cwd: temporaryFolder(), name: "hello", version }));
  const hello = plan.files.find((file) => file.path === "src/hello.ts")?.text ?? "";
  assert.ok(hello.split("\n").length - 1 <= 25);
});

test("an existing project gets what is missing, and keeps all that it has", () => {
  const cwd = temporaryFolder({
    "package.json":
      '{\n    "name": "mine",\n    "scripts": { "start": "node ." },\n    "dependencies": { "typescript": "5.9.3" }\n}\n',
    "tsconfig.json": "{}",
    "src/shop.ts": "export {};",
    "biome.json": "{}",
    "eslint.config.js": "",
  });
  const plan = planned(planInit({ cwd, name: undefined, version }));
  assert.ok(!plan.isNew);
  assert.deepEqual(
    plan.files.map((file) => [file.path, file.added]),
    [
      [
        "package.json",
        [
          "scripts.dev",
          "scripts.build",
          "scripts.check",
          "dependencies.@streamgen/runtime",
          "devDependencies.@types/node",
          "devDependencies.streamgen",
        ],
      ],
      ["streamgen.config.ts", undefined],
      [".gitignore", undefined],
    ],
  );
  assert.match(plan.notes.join("\n"), /its own "scripts.start"/);
  assert.match(plan.notes.join("\n"), /biome: .*\n?eslint: /);
  carryOutInit(plan);
  assert.equal(content(cwd, "tsconfig.json"), "{}");
  assert.match(content(cwd, "package.json"), /^ {4}"name": "mine"/m);
  assert.match(content(cwd, "package.json"), /"start": "node \."/);
});

test("a package.json that says no type becomes a module, unless there are sources", () => {
  const fresh = temporaryFolder({ "package.json": '{ "name": "mine" }' });
  const plan = planned(planInit({ cwd: fresh, name: undefined, version }));
  assert.equal(plan.files[0]?.added?.[0], "type");
  carryOutInit(plan);
  assert.match(content(fresh, "package.json"), /"type": "module"/);
  assert.match(content(fresh, "tsconfig.json"), /verbatimModuleSyntax/);
  assert.deepEqual(readTarget({ root: fresh, out: "generated" }).diagnostics, []);
});

test("a project that stays CommonJS gets a tsconfig that fits", () => {
  for (const files of [
    { "package.json": '{ "type": "commonjs" }' },
    { "package.json": "{}", "src/old.ts": "export {};" },
  ]) {
    const cwd = temporaryFolder(files);
    carryOutInit(planned(planInit({ cwd, name: undefined, version })));
    assert.doesNotMatch(content(cwd, "package.json"), /"module"/);
    assert.doesNotMatch(content(cwd, "tsconfig.json"), /verbatimModuleSyntax/);
    assert.deepEqual(readTarget({ root: cwd, out: "generated" }).diagnostics, []);
  }
});

test("a folder that takes no files ends at once, with its name", () => {
  const cwd = temporaryFolder({ file: "" });
  const folder = path.join(cwd, "file", "project");
  const problem = carryOutInit({
    folder,
    isNew: true,
    files: [{ path: "src/hello.ts", text: "" }],
    notes: [],
  });
  assert.ok(
    problem?.problem.startsWith(`"${path.join(folder, "src/hello.ts")}" cannot be written`),
  );
});

test("a folder that is there and takes no other is not tried for ever", {
  skip: process.platform !== "linux",
}, () => {
  const inProc = planned(planInit({ cwd: "/proc", name: "streamgen-project", version }));
  assert.match(carryOutInit(inProc)?.problem ?? "", /^"\/proc\/streamgen-project\/package\.json"/);
});

test("what is complete is left alone", () => {
  const cwd = temporaryFolder();
  carryOutInit(planned(planInit({ cwd, name: "hello", version })));
  const again = planned(planInit({ cwd: path.join(cwd, "hello"), name: undefined, version }));
  assert.deepEqual(again.files, []);
  assert.deepEqual(again.notes, []);
});

test("a folder that is not empty is not taken for a new one", () => {
  const cwd = temporaryFolder({ "hello/notes.txt": "" });
  const plan = planInit({ cwd, name: "hello", version });
  assert.ok("problem" in plan);
  assert.match(plan.problem, /"hello" is there already/);
  assert.ok(!existsSync(path.join(cwd, "hello/package.json")));
});

test("a file in the way, and a package.json that is broken, are problems", () => {
  const cwd = temporaryFolder({ hello: "", "broken/package.json": "{" });
  assert.ok("problem" in planInit({ cwd, name: "hello", version }));
  assert.ok("problem" in planInit({ cwd: path.join(cwd, "broken"), name: undefined, version }));
});
