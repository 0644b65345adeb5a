import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { StreamgenError } from "../../../../runtime/errors.ts";
import { errorOf, plainError } from "../../../../runtime/worker/threads/messages.ts";
import { startThread } from "../../../../runtime/worker/threads/start-thread.ts";

const repository = path.join(import.meta.dirname, "../../../..");
const program = path.join(import.meta.dirname, "program.ts");
const stripsTypes = "typescript" in process.features && process.features.typescript !== false;

interface Line {
  readonly kind: string;
  readonly [name: string]: unknown;
}

/** Runs the program to its end, and gives what it printed. */
async function run(
  nodeFlags: readonly string[],
  mode: string,
  variables: Readonly<Record<string, string>> = {},
) {
  const args = [...nodeFlags, "--conditions=@streamgen/source", program, mode];
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...env, ...variables, RUNTIME: pathToFileURL(path.join(repository, "runtime/")).href },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  assert.equal(code, 0, stderr);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const said: readonly Line[] = lines.map((line) => JSON.parse(line));
  const find = (kind: string): Line | undefined => said.find((line) => line.kind === kind);
  return { stdout, said, find };
}

const tsx = ["--import", "tsx"];

async function expectTwoThreads(nodeFlags: readonly string[]): Promise<void> {
  const { stdout, said, find } = await run(nodeFlags, "run");
  assert.equal(stdout.match(/^resource in \d+$/gm)?.length, 2, "a resource is one thread's own");
  const seen = said.filter(({ text }) => text === "saw hello");
  assert.deepEqual(
    seen.map(({ thread, agent, level }) => ({ thread, agent, level })),
    [{ thread: 1, agent: "look", level: "info" }],
    "what runs once per worker runs in the first thread",
  );
  const assigned = said.filter(({ kind, tasks }) => kind === "assigned" && tasks !== 0);
  assert.deepEqual(assigned.map(({ thread, tasks }) => [thread, tasks]).sort(), [
    [1, 2],
    [2, 2],
  ]);
  const { isReady, tasks, state } = find("health") ?? { kind: "" };
  assert.deepEqual({ isReady, tasks, state }, { isReady: true, tasks: 4, state: "running" });
  assert.deepEqual(
    said.map(({ kind }) => kind).filter((kind) => kind !== "log" && kind !== "assigned"),
    ["started", "health", "answer", "stopped", "end"],
  );
  assert.equal(find("end")?.["state"], "stopped");
  const { get, post } = find("answer") ?? { kind: "" };
  assert.deepEqual({ get, post }, { get: '200 "here"\n', post: 405 });
}

test("threads run TypeScript through tsx, named by its package", () => expectTwoThreads(tsx));

test("threads run TypeScript through tsx, named by its file", () =>
  expectTwoThreads([`--import=${import.meta.resolve("tsx")}`]));

test("threads run TypeScript by the command tsx", () =>
  expectTwoThreads([path.join(repository, "node_modules/tsx/dist/cli.mjs")]));

test(
  "threads run TypeScript as it is",
  {
    skip: stripsTypes ? false : "this Node does not run TypeScript; Node 24 does",
  },
  () => expectTwoThreads([]),
);

test("threads are named by the worker and their number", async () => {
  const { stdout, find } = await run(tsx, "run", { STREAMGEN_INSTANCE: "shop-0" });
  assert.deepEqual(stdout.match(/^instance .*$/gm)?.sort(), [
    "instance shop-0-1",
    "instance shop-0-2",
  ]);
  assert.equal(find("started")?.["instance"], "shop-0");
});

test("an agent that throws in a thread is told with its code, its reason and its own line", async () => {
  const { find } = await run(tsx, "throw");
  const { code, message, because } = find("failed") ?? { kind: "" };
  assert.equal(code, "SG8020");
  assert.match(String(message), /agent "look" threw: no such word/);
  assert.match(String(because), /program\.ts:\d+/);
  assert.equal(find("end")?.["state"], "stopped");
});

test("a thread that ends by itself stops the others", async () => {
  const { find } = await run(tsx, "crash");
  assert.deepEqual(find("failed"), {
    kind: "failed",
    code: "SG8107",
    message: "thread 1 has ended by itself: its exit code is 7",
    because: "",
  });
  assert.equal(find("end")?.["state"], "failed");
});

test("agents that never end do not keep a worker from stopping", async () => {
  const { find } = await run(tsx, "hang");
  assert.equal(find("end")?.["state"], "stopped");
});

test("an error comes out of a thread as it went in", () => {
  const cause = new TypeError("inner", { cause: "text" });
  const error = new StreamgenError("SG8020", "outer", { topic: "words", offset: 3 }, cause);
  const again = errorOf(structuredClone(plainError(error)));
  assert.ok(again instanceof StreamgenError);
  assert.equal(again.code, "SG8020");
  assert.deepEqual(again.place, { topic: "words", offset: 3 });
  assert.equal(again.stack, error.stack);
  assert.ok(again.cause instanceof Error);
  assert.equal(again.cause.name, "TypeError");
  assert.ok(again.cause.cause instanceof Error);
  assert.equal(again.cause.cause.message, "text");
});

test("a chain of causes that has no end is cut", () => {
  const error = new Error("round");
  error.cause = error;
  let depth = 0;
  for (let plain = plainError(error).cause; plain !== undefined; plain = plain.cause) depth++;
  assert.equal(depth, 5);
});

test("a process without a file cannot have threads", () => {
  const plan = { streamgen: "thread", index: 0, of: 2, flags: {} } as const;
  for (const main of [undefined, "/nowhere/main"]) {
    assert.throws(() => startThread(plan, { main, args: [], nodeFlags: [] }), { code: "SG8106" });
  }
});
