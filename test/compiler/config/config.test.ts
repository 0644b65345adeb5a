import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type Configuration, defaults } from "../../../compiler/config/configuration.ts";
import {
  findConfiguration,
  isSelfContained,
  loadConfiguration,
} from "../../../compiler/config/load.ts";
import { configurationKeys, type ValidationResult } from "../../../compiler/config/validate.ts";
import { temporaryFolder } from "../../temporary.ts";

const repository = path.join(import.meta.dirname, "../../..");

async function load(text: string, name = "streamgen.config.ts"): Promise<ValidationResult> {
  const root = temporaryFolder({ [name]: text, "package.json": '{"type":"module"}' });
  mkdirSync(path.join(root, "node_modules"));
  symlinkSync(repository, path.join(root, "node_modules/streamgen"));
  const found = findConfiguration(root);
  return "root" in found ? loadConfiguration(found) : { configuration: undefined, ...found };
}

async function problems(text: string): Promise<readonly string[]> {
  const { configuration, diagnostics } = await load(text);
  assert.equal(configuration, undefined);
  return diagnostics.map(
    ({ code, message, fix, span }) =>
      `${span?.line ?? 0}:${span?.column ?? 0} ${code} ${message} -> ${fix}`,
  );
}

test("only the application's name is required", async () => {
  const { configuration, diagnostics } = await load(
    'import { defineConfig } from "streamgen/config";\nexport default defineConfig({ app: "shop" });\n',
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(configuration, {
    file: "streamgen.config.ts",
    app: "shop",
    appName: "shop",
    namespace: undefined,
    include: ["src/**/*.ts"],
    out: "generated",
    delivery: "exactly-once",
    commitIntervalMs: 100,
    partitions: 4,
    replicas: 1,
    topics: {},
  } satisfies Configuration);
});

test("every key is taken over, environment markers as markers", async () => {
  const { configuration, diagnostics } = await load(
    `import { defineConfig, env } from "streamgen/config";
export default defineConfig({
  app: env("APP", "shop"), namespace: "shop.orders", include: ["lib/*.ts"], out: "./lib/made/",
  delivery: "at-least-once", commitIntervalMs: 10, askTimeoutMs: 500, partitions: 2, replicas: 3,
  topics: { "orders.dlq": { name: env("DLQ"), partitions: 1, replicas: 2, config: { "max.message.bytes": "9" } } },
});`,
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(configuration, {
    file: "streamgen.config.ts",
    app: { env: "APP", otherwise: "shop" },
    appName: "shop",
    namespace: "shop.orders",
    include: ["lib/*.ts"],
    out: "lib/made",
    delivery: "at-least-once",
    commitIntervalMs: 10,
    askTimeoutMs: 500,
    partitions: 2,
    replicas: 3,
    topics: {
      "orders.dlq": {
        name: { env: "DLQ" },
        partitions: 1,
        replicas: 2,
        config: { "max.message.bytes": "9" },
      },
    },
  });
});

test("a configuration may be JSON, or JavaScript", async () => {
  const json = await load('{ "app": "shop" }', "streamgen.config.json");
  assert.equal(json.configuration?.appName, "shop");
  const script = await load('export default { app: "shop" };', "streamgen.config.mjs");
  assert.equal(script.configuration?.appName, "shop");
});

test("a project that is no module project has its configuration loaded all the same", async () => {
  const root = temporaryFolder({
    "streamgen.config.ts": 'const app: string = "shop";\nexport default { app };\n',
    "package.json": "{}",
  });
  const found = findConfiguration(root);
  assert.ok("root" in found);
  assert.equal((await loadConfiguration(found)).configuration?.app, "shop");
  const other = findConfiguration(
    temporaryFolder({
      "streamgen.config.ts": 'export const app = "shop";\n',
      "package.json": "{}",
    }),
  );
  assert.ok("root" in other);
  const { diagnostics } = await loadConfiguration(other);
  assert.match(diagnostics[0]?.message ?? "", /has no default export$/);
});

test("an unknown key is reported at its place, with the nearest name", async () => {
  assert.deepEqual(await problems('export default {\n  app: "shop",\n  partitons: 3,\n};'), [
    '3:3 SG5903 the configuration has no key "partitons" -> write "partitions"',
  ]);
  assert.deepEqual(
    await problems(
      'export default {\n  app: "a",\n  topics: {\n    "x.y": { nmae: "b" },\n  },\n};',
    ),
    ['4:14 SG5903 the configuration has no key "topics["x.y"].nmae" -> write "name"'],
  );
});

test("everything that is wrong is reported at once", async () => {
  const text = `export default {
  app: "a b",
  namespace: "1",
  include: [],
  out: "..",
  delivery: "once",
  commitIntervalMs: 5,
  topics: { orders: { partitions: 0.5, config: { a: 1 } } },
};`;
  const fixes = (await problems(text)).map((problem) => problem.replace(/ -> .*/, ""));
  assert.deepEqual(fixes, [
    '2:3 SG5906 "app" is "a b", which is no legal topic name',
    '3:3 SG5904 "namespace" must be an Avro namespace such as "shop.orders", but it is "1"',
    '4:3 SG5904 "include" must be a list of globs inside the project, such as ["src/**/*.ts"], but it is an empty list',
    '5:3 SG5908 "out" is "..", which is not a folder of its own inside the project',
    '6:3 SG5904 "delivery" must be "exactly-once" or "at-least-once", but it is "once"',
    '7:3 SG5904 "commitIntervalMs" must be a whole number from 10 to 3600000, but it is 5',
    '8:23 SG5904 "topics.orders.partitions" must be a whole number from 1 to 100000, but it is 0.5',
    '8:50 SG5904 "topics.orders.config.a" must be a text, but it is 1',
  ]);
});

test("a missing, empty or illegal application name is reported", async () => {
  assert.deepEqual(await problems("export default {};"), [
    '1:1 SG5905 the configuration has no "app" -> name the application, for example: app: "shop"',
  ]);
  assert.deepEqual(await problems("export default { app: 3 };"), [
    '1:18 SG5904 "app" must be a text or env(...), but it is 3 -> write a text or env(...)',
  ]);
  assert.deepEqual(await problems('export default { app: { env: "APP" } };'), [
    '1:18 SG5907 "app" comes from the environment, so internal topics have no name -> give the name as second argument: env("APP", "my-app")',
  ]);
});

test("what is no object, does not parse or throws is one line without a stack", async () => {
  assert.match(
    (await problems("export default 3;")).join(),
    /SG5904 "export default" must be an object/,
  );
  assert.match(
    (await problems("export default {\n  app: ,\n};")).join(),
    /^2:8 SG5902 .*Unexpected ","/,
  );
  assert.match(
    (await problems('throw new Error("no\\nway");')).join(),
    /SG5902 "streamgen.config.ts" cannot be loaded: no ->/,
  );
  assert.match((await problems('import "nowhere";')).join(), /SG5902 .*nowhere/);
  assert.match(
    (await problems('export const config = { app: "x" };')).join(),
    /SG5902 "streamgen.config.ts" has no default export -> write: export default defineConfig/,
  );
  const json = await load("{", "streamgen.config.json");
  assert.equal(json.diagnostics[0]?.code, "SG5902");
});

test("a folder without a configuration, and a named one that is missing, are reported", () => {
  const root = temporaryFolder();
  const here = findConfiguration(root);
  assert.ok("diagnostics" in here);
  assert.equal(here.diagnostics[0]?.code, "SG5901");
  const named = findConfiguration(root, "other.config.ts");
  assert.ok("diagnostics" in named);
  assert.match(named.diagnostics[0]?.message ?? "", /other\.config\.ts/);
});

test("the configuration of a folder above counts", () => {
  const root = temporaryFolder({ "streamgen.config.json": '{"app":"a"}', "src/deep/x.ts": "" });
  const found = findConfiguration(path.join(root, "src/deep"));
  assert.ok("root" in found);
  assert.equal(found.root, root);
});

test("the documentation has every key, with its default", () => {
  const page = readFileSync(path.join(repository, "docs/configuration.md"), "utf8");
  const table = page.split("\n## ")[0] ?? "";
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, key, otherwise]) => ({
    key: key ?? "",
    otherwise: (otherwise ?? "").replaceAll("`", ""),
  }));
  assert.deepEqual(
    rows.map(({ key }) => key),
    configurationKeys,
  );
  const documented = new Map(rows.map(({ key, otherwise }) => [key, otherwise]));
  for (const [key, value] of Object.entries(defaults)) {
    const text = value === undefined || key === "topics" ? "none" : JSON.stringify(value);
    assert.equal(documented.get(key), text, key);
  }
});

test("only a configuration that asks nobody may come from a cache", () => {
  const isCacheable = (text: string): boolean =>
    isSelfContained({ root: "/", file: "streamgen.config.ts", text });
  assert.ok(isCacheable('import { defineConfig } from "streamgen/config";\nexport default 1;'));
  assert.ok(!isCacheable('import x from "./x.ts";'));
  assert.ok(!isCacheable('import "./x.ts";'));
  assert.ok(!isCacheable("export default { app: process.env.APP };"));
  assert.ok(!isCacheable('export default await import("x");'));
});
