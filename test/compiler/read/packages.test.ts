import assert from "node:assert/strict";
import test from "node:test";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { discover } from "../../../compiler/discover/discover.ts";
import type { Program } from "../../../compiler/model/program.ts";
import { read } from "../../../compiler/read/read.ts";
import { temporaryFolder } from "../../temporary.ts";
import { installLanguage, projectFiles } from "./sources.ts";

function readProject(files: Readonly<Record<string, string>>): {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
} {
  const root = temporaryFolder({ ...projectFiles, ...files });
  installLanguage(root);
  const discovered = discover({ root, include: ["src/**/*.ts"], exclude: ["src/skip/**"] });
  const { program, diagnostics } = read(discovered, { app: "app", out: "src/generated" });
  return { program, diagnostics: [...discovered.diagnostics, ...diagnostics] };
}

const moduleOf = (program: Program, record: string): string | undefined => {
  const found = program.records.find((one) => one.typescriptName === record)?.declaration;
  return found?.kind === "export" ? `${found.module}#${found.name} ${found.external}` : found?.kind;
};

const topic = (value: string): string =>
  `import type { Topic } from "streamgen";\nexport type T = Topic<"t", { value: ${value}; external: true }>;\n`;

test("records of an installed package are imported from the specifier that the pipeline uses", () => {
  const { program, diagnostics } = readProject({
    "node_modules/@acme/records/package.json":
      '{ "name": "@acme/records", "type": "module", "exports": { ".": "./index.d.ts", "./deep/entry": "./deep.d.ts" } }',
    "node_modules/@acme/records/index.d.ts":
      'export type { Order, Line } from "./order.js";\nexport { Order as OldOrder } from "./order.js";\n',
    "node_modules/@acme/records/deep.d.ts": 'export type { Order, Line } from "./order.js";\n',
    "node_modules/@acme/records/order.d.ts":
      'import type { Int } from "streamgen";\nexport interface Line { count: Int }\nexport interface Order { lines: Line[] }\n',
    "src/app.ts": `import type { Order } from "@acme/records";\nexport type { Order as Deep } from "@acme/records/deep/entry";\n${topic("Order")}`,
  });
  assert.deepEqual(diagnostics, []);
  assert.equal(moduleOf(program, "Order"), "@acme/records#Order true");
  assert.equal(moduleOf(program, "Line"), "@acme/records#Line true");
});

test("a record that the package's entry does not export is a diagnostic that says where", () => {
  const { diagnostics } = readProject({
    "node_modules/records/package.json":
      '{ "name": "records", "type": "module", "exports": "./index.d.ts" }',
    "node_modules/records/index.d.ts": 'export type { Order } from "./order.js";\n',
    "node_modules/records/order.d.ts":
      "export interface Line { text: string }\nexport interface Order { lines: Line[] }\n",
    "src/app.ts": `import type { Order } from "records";\n${topic("Order")}`,
  });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["SG2029"],
  );
  assert.match(diagnostics[0]?.fix ?? "", /package's entry/);
});

test("records in a package beside the pipeline, imported by a path, are part of it", () => {
  const { program, diagnostics } = readProject({
    "packages/records/package.json": '{ "name": "records", "type": "module" }',
    "packages/records/order.ts": "export interface Order { id: string }\n",
    "src/app.ts": `import type { Order } from "../packages/records/order.ts";\n${topic("Order")}`,
  });
  assert.deepEqual(diagnostics, []);
  assert.equal(moduleOf(program, "Order"), "packages/records/order.ts#Order false");
});

test("a path alias leads to the project's own file", () => {
  const { program, diagnostics } = readProject({
    "src/shared/order.ts": "export interface Order { id: string }\n",
    "src/app.ts": `import type { Order } from "#shared/order.ts";\n${topic("Order")}`,
  });
  assert.deepEqual(diagnostics, []);
  assert.equal(moduleOf(program, "Order"), "src/shared/order.ts#Order false");
});

test("tests, declaration files, generated files and what is excluded declare nothing", () => {
  const { program, diagnostics } = readProject({
    "src/app.ts": topic("string"),
    "src/app.test.ts": topic("string").replace('"t"', '"test"'),
    "src/types.d.ts": topic("string").replace('"t"', '"declared"'),
    "src/skip/app.ts": topic("string").replace('"t"', '"skipped"'),
    "src/generated/topics.ts": topic("string").replace('"t"', '"generated"'),
  });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    program.topics.map(({ name }) => name),
    ["t"],
  );
});

test("without streamgen installed the import says so, and only it", () => {
  const root = temporaryFolder({ "tsconfig.json": "{}", "src/app.ts": topic("string") });
  const discovered = discover({ root, include: ["src/**/*.ts"] });
  const { diagnostics } = read(discovered, { app: "app" });
  assert.deepEqual(
    [...new Set(diagnostics.map(({ code, span }) => `${code} ${span?.line}`))],
    ["SG1003 1"],
  );
});
