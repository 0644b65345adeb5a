import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { before } from "node:test";
import { modelRegistry, serveModelRegistry } from "../../runtime/codec/registry/index.ts";
import { startKafka } from "../kafka/broker.ts";
import { withoutKafka } from "../kafka/shared.ts";
import { shopSource } from "../project.ts";
import { temporaryFolder } from "../temporary.ts";
import {
  finish,
  install,
  packBoth,
  runUntil,
  succeed,
  type Tarballs,
  useTarballs,
} from "./packed.ts";

const folder = temporaryFolder();
const cli = path.join(import.meta.dirname, "../../bin/streamgen.js");
const project = path.join(folder, "hello");
const production = path.join(folder, "production");
const streamgen = path.join(project, "node_modules/.bin/streamgen");
let tarballs: Tarballs;

const run = [
  "--embedded",
  "--input=orders=orders.jsonl",
  "--output=alerts=alerts.jsonl",
  "--output=large-orders=large.jsonl",
  "--until-idle",
];

/** Six orders of one customer, and one of another. */
const orders = [1, 2, 3, 4, 5, 6, 7].map((number) => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  customerId: number === 3 ? "b" : "a",
  amount: number * 30,
  items: 2,
  placedAt: new Date(1_700_000_000_000 + number).toISOString(),
  status: "new",
  tags: [],
}));
const alerts = '{"customerId":"a","orders":5}\n';
const large = orders
  .filter(({ amount }) => amount > 100)
  .map(({ id, amount }) => `${JSON.stringify({ id, total: amount * 2 })}\n`)
  .join("");

function expectResults(cwd: string): void {
  assert.equal(readFileSync(path.join(cwd, "alerts.jsonl"), "utf8"), alerts);
  assert.equal(readFileSync(path.join(cwd, "large.jsonl"), "utf8"), large);
  for (const file of ["alerts.jsonl", "large.jsonl"]) rmSync(path.join(cwd, file));
}

before(async () => {
  tarballs = packBoth(folder);
  succeed(process.execPath, [cli, "init", "hello"], folder);
  useTarballs(project, tarballs);
  install(project);
});

test("a new project greets", async () => {
  const { text, code } = await runUntil(/Hello!.*\n.*Hello!/, {
    program: streamgen,
    args: ["run", "--embedded"],
    cwd: project,
  });
  assert.match(text, /^Hello! It is /);
  assert.equal(code, 0);
});

test("a new project passes its own test", () => {
  const { stdout } = succeed("npm", ["test"], project);
  assert.match(stdout, /pass 1\n/);
});

test("the packed command line makes projects of its own", () => {
  succeed(streamgen, ["init", "another"], folder);
  assert.ok(readdirSync(path.join(folder, "another/src")).includes("hello.ts"));
});

test("a pipeline is built, and passes its project's own compiler", () => {
  for (const file of ["src/hello.ts", "test/hello.test.ts"]) rmSync(path.join(project, file));
  rmSync(path.join(project, "dist"), { recursive: true });
  writeFileSync(path.join(project, "src/shop.ts"), shopSource());
  const lines = orders.map((order) => `${JSON.stringify(order)}\n`);
  writeFileSync(path.join(project, "orders.jsonl"), lines.join(""));
  succeed("npm", ["run", "build"], project);
  succeed("npm", ["run", "check"], project);
});

test("streamgen run works from the packed packages", () => {
  succeed(streamgen, ["run", ...run], project);
  expectResults(project);
});

test("the sources run through tsx", () => {
  succeed(process.execPath, ["--import", "tsx", "generated/main.ts", ...run], project);
  expectResults(project);
});

/** What rocksdb-native brings along: loading its binary, and streams of rows. */
const ofRocksdb: readonly string[] = [
  ...["b4a", "bare-addon-resolve", "bare-events", "bare-module-resolve", "bare-semver"],
  ...["compact-encoding", "events-universal", "fast-fifo", "ready-resource", "refcounter"],
  ...["require-addon", "resolve-reject-promise", "signal-promise", "streamx", "text-decoder"],
];

test("what is deployed runs compiled, with the runtime and nothing else installed", () => {
  mkdirSync(production);
  for (const part of ["dist", "generated", "src", "package.json", "orders.jsonl"]) {
    cpSync(path.join(project, part), path.join(production, part), { recursive: true });
  }
  install(production, "--omit=dev");
  const installed = readdirSync(path.join(production, "node_modules"));
  assert.deepEqual(
    installed.filter((name) => !name.startsWith(".")).sort(),
    ["@streamgen", "kafkajs", "rocksdb-native", ...ofRocksdb].sort(),
  );
  assert.deepEqual(readdirSync(path.join(production, "node_modules/@streamgen")), ["runtime"]);
  succeed(process.execPath, ["dist/generated/main.js", ...run], production);
  expectResults(production);
});

const stripsTypes = "typescript" in process.features && process.features.typescript !== false;

test("the sources run as they are, with the runtime and nothing else installed", {
  skip: stripsTypes ? false : "this Node does not run TypeScript; Node 24 does",
}, () => {
  succeed(process.execPath, ["generated/main.ts", ...run], production);
  expectResults(production);
});

test("what is deployed runs on Kafka in two threads, with tables on disk", {
  skip: withoutKafka(),
}, async (t) => {
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  const registry = await serveModelRegistry(modelRegistry());
  t.after(() => registry.close());
  const main = (...args: readonly string[]): Promise<string> => {
    const cluster = ["--bootstrap", kafka.bootstrap.join(","), "--registry", registry.url];
    return finish(process.execPath, ["dist/generated/main.js", ...args, ...cluster], production);
  };
  await main("topics", "apply", "--external", "--yes");
  // Of now, as brokers delete what is old.
  const lines = orders.map((order) => JSON.stringify({ ...order, placedAt: new Date() }));
  writeFileSync(path.join(production, "new.jsonl"), lines.join("\n"));
  await main("send", "orders", "--file", "new.jsonl");
  const delivery = ["--delivery", "at-least-once"];
  await main("worker", "--threads", "2", "--state", "tables", "--until-idle", ...delivery);
  assert.equal(await main("tail", "alerts", "--no-follow"), alerts);
  assert.deepEqual(readdirSync(path.join(production, "tables")).sort(), ["thread-1", "thread-2"]);
});
