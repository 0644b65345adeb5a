/** Whole runs: a built project, its generated `main.ts` in a process of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { before } from "node:test";
import { type Finished, streamgen, temporaryProject } from "../../project.ts";
import { serve } from "../codec/registry/serving.ts";

const source = `import type { Each, Event, Every, Int, Sink, Table, To, Topic } from "streamgen";

export interface Order {
  customer: string;
  amount: number;
  at: Date;
}

export interface Payment {
  customer: string;
  at: Date;
}

export interface Total {
  customer: string;
  orders: Int;
}

export type Orders = Topic<"orders", { value: Order; keyBy: "customer"; time: "at"; external: true }>;
export type Payments = Topic<"payments", { value: Payment; keyBy: "customer"; time: "at"; external: true }>;
export type Totals = Topic<"totals", { value: Total; keyBy: "customer" }>;
export type Large = Topic<"large", { value: Order; keyBy: "customer"; time: "at" }>;
export type Paid = Topic<"paid", { value: Payment; keyBy: "customer"; time: "at" }>;
export type Counts = Table<"counts", { key: string; value: Int; default: 0 }>;

export function large(order: Each<Orders>): To<Large> | undefined {
  if (order.amount < 0) throw new Error(\`amount \${order.amount} is below 0\`);
  return order.amount > 100 ? order : undefined;
}

export function count(order: Each<Orders>, counts: Counts, totals: Sink<Totals>): void {
  const { customer } = order;
  if (customer === "loud") console.log("counted");
  totals.send({ customer, orders: counts.update(customer, (n) => n + 1) });
}

export function paid(payment: Event<Payments, { onError: "skip" }>): To<Paid> {
  if (payment.value.customer === "nobody") throw new Error("nobody pays");
  return payment.value;
}

export function tick(_tick: Every<"1h">): void {}
`;

const root = temporaryProject({ "src/shop.ts": source });
const tsx = import.meta.resolve("tsx");

before(async () => {
  const { status, stderr } = await streamgen(root, "build");
  assert.equal(status, 0, stderr);
});

function nodeArguments(args: readonly string[]): string[] {
  return ["--conditions=@streamgen/source", "--import", tsx, "generated/main.ts", ...args];
}

const env = { ...process.env, NODE_TEST_CONTEXT: "" };

function run(...args: readonly string[]): Finished {
  const all = ["--embedded", "--until-idle", ...args];
  const options = { cwd: root, encoding: "utf8", timeout: 60_000, env } as const;
  return spawnSync(process.execPath, nodeArguments(all), options);
}

function start(...args: readonly string[]): ChildProcess {
  const all = ["--embedded", ...args];
  return spawn(process.execPath, nodeArguments(all), { cwd: root, env });
}

function put(file: string, ...lines: readonly unknown[]): void {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(path.join(root, file), texts.map((text) => `${text}\n`).join(""));
}

function get(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

const moment = (second: number): string =>
  new Date(1_700_000_000_000 + second * 1000).toISOString();
const order = (customer: string, amount: number, second: number): object => ({
  customer,
  amount,
  at: moment(second),
});

/** One line that says what, where and what to do; no stack, and no output. */
function refused(result: Finished, status: number, message: RegExp): void {
  assert.equal(result.status, status, result.stderr);
  assert.match(result.stderr, message);
  assert.equal(result.stderr.trimEnd().split("\n").length, 1, result.stderr);
  assert.ok(!readdirSync(root).some((file) => file.includes("refused.jsonl")));
}

test("several inputs and outputs, with a summary", () => {
  put("orders.jsonl", order("a", 50, 1), order("b", 200, 2), order("a", 300, 3));
  put("payments.jsonl", { customer: "a", at: moment(4) }, { customer: "nobody", at: moment(5) });
  const result = run(
    ...["--input", "orders=orders.jsonl", "--input", "payments=payments.jsonl"],
    ...["--output", "large=large.jsonl", "--output", "paid=paid.jsonl", "--output", "totals=-"],
  );
  assert.equal(result.status, 0, result.stderr);
  assert.equal(
    get("large.jsonl"),
    `${[order("b", 200, 2), order("a", 300, 3)].map((each) => JSON.stringify(each)).join("\n")}\n`,
  );
  assert.equal(get("paid.jsonl"), `${JSON.stringify({ customer: "a", at: moment(4) })}\n`);
  assert.deepEqual(result.stdout.trimEnd().split("\n").sort(), [
    '{"customer":"a","orders":1}',
    '{"customer":"a","orders":2}',
    '{"customer":"b","orders":1}',
  ]);
  assert.match(
    result.stderr,
    /orders 3 in · payments 2 in · large 2 out · paid 1 out · totals 3 out · 1 skipped record {3}\d+(\.\d)? m?s\n$/,
  );
  assert.equal(result.stderr.match(/nobody pays/g)?.length, 1, "a skipped record is said once");
});

test("with --json the summary is a line of JSON, apart from records", () => {
  put("orders.jsonl", order("a", 200, 1));
  const summary =
    /^\{"type":"summary","sent":\[\{"topic":"orders","records":1\}\],"written":\[.*\],"skipped":0,"seconds":[\d.]+\}$/m;
  const alone = run("--json", "--input=orders=orders.jsonl", "--output=large=large.jsonl");
  assert.match(alone.stdout, summary);
  assert.equal(alone.stdout.trimEnd().split("\n").length, 1);
  const beside = run("--json", "--input=orders=orders.jsonl", "--output=large=-");
  assert.equal(beside.stdout, `${JSON.stringify(order("a", 200, 1))}\n`);
  assert.match(beside.stderr, summary);
});

test("an envelope carries keys, times and headers through", () => {
  put("orders.jsonl", { value: order("a", 200, 1), headers: { trace: "t1" } });
  const result = run("--envelope", "--input=orders=orders.jsonl", "--output=large=-", "--quiet");
  assert.equal(result.status, 0, result.stderr);
  assert.equal(
    result.stdout,
    `${JSON.stringify({ key: "a", value: order("a", 200, 1), timestamp: Date.parse(moment(1)), headers: { trace: "t1" } })}\n`,
  );
});

test("lines that cannot be used end a run with one line, and nothing is written", () => {
  const output = "--output=large=refused.jsonl";
  put("bad.jsonl", order("a", 200, 1), { ...order("a", 200, 1), amount: "200" });
  refused(
    run("--input=orders=bad.jsonl", output),
    65,
    /^error SG8504: bad\.jsonl:2: amount: expected a number, found "200"; correct the line/,
  );
  put("bad.jsonl", order("a", 200, 1), "", "{");
  refused(
    run("--input=orders=bad.jsonl", output),
    65,
    /^error SG8504: bad\.jsonl:3: the line is no JSON: /,
  );
  refused(
    run("--input=orders=missing.jsonl", output),
    66,
    /^error SG8503: missing\.jsonl: there is no such file/,
  );
  refused(run("--input=orders=src", output), 66, /^error SG8503: src: it is a folder/);
  refused(
    run("--input=ordres=bad.jsonl", output),
    2,
    /^error SG8502: there is no topic "ordres"; write "orders"/,
  );
  refused(
    run("--output=large=missing/refused.jsonl"),
    73,
    /^error SG8505: missing\/refused\.jsonl: there is no folder/,
  );
  refused(
    run("--inptu=orders=bad.jsonl"),
    2,
    /^error SG8501: there is no flag "--inptu"; write --input/,
  );
});

test("an agent that throws ends the run, names the record and its own line, and nothing is written", () => {
  put("orders.jsonl", order("a", 200, 1), order("a", -1, 2));
  const result = run("--input=orders=orders.jsonl", "--output=large=refused.jsonl");
  assert.equal(result.status, 1);
  assert.match(
    result.stderr,
    /^error SG8\d{3}: .*amount -1 is below 0.*agent large, topic orders/m,
  );
  assert.match(result.stderr, /^ {2}at Module\.large \(src\/shop\.ts:27:\d+\)$/m);
  assert.match(result.stderr, /^ {2}correct the function, or let it skip: onError: "skip"$/m);
  assert.equal(result.stderr.trimEnd().split("\n").length, 3);
  assert.ok(!readdirSync(root).some((file) => file.includes("refused.jsonl")));
});

test("without brokers and without --embedded one sentence says what is missing", () => {
  const options = { cwd: root, encoding: "utf8", env } as const;
  const result = spawnSync(process.execPath, nodeArguments([]), options);
  refused(result, 2, /^error SG8005: nobody says where the Kafka cluster is: .* with --embedded\n/);
});

test("Ctrl-C is the ordinary end of a run without --until-idle, and outputs are written", async () => {
  put("orders.jsonl", order("loud", 200, 1));
  const child = start("--input=orders=orders.jsonl", "--output=large=stopped.jsonl");
  child.stdout?.once("data", () => child.kill("SIGINT"));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  assert.equal(code, 0);
  assert.equal(get("stopped.jsonl"), `${JSON.stringify(order("loud", 200, 1))}\n`);
});

test("standard input can be an input", () => {
  const options = {
    cwd: root,
    encoding: "utf8",
    env,
    input: `${JSON.stringify(order("a", 101, 1))}\n`,
  } as const;
  const flags = ["--embedded", "--until-idle", "--input=orders=-", "--output=large=-"];
  const result = spawnSync(process.execPath, nodeArguments(flags), options);
  assert.equal(result.stdout, `${JSON.stringify(order("a", 101, 1))}\n`, result.stderr);
});

test("Ctrl-C before everything is done writes nothing, and has an exit code of its own", async () => {
  const child = start("--until-idle", "--input=orders=-", "--output=large=refused.jsonl");
  const line = `${JSON.stringify(order("a", 200, 1))}\n`;
  const writing = setInterval(() => child.stdin?.write(line), 50);
  child.stderr?.on("data", (chunk: Buffer) => {
    if (chunk.includes("reading -: ")) child.kill("SIGINT");
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(writing);
  assert.equal(code, 130);
  assert.ok(!readdirSync(root).some((file) => file.includes("refused.jsonl")));
});

test("a configured registry counts where only brokers are missing; --embedded asks none", async (t) => {
  const { url, registry } = await serve(t);
  const finished = async (flag: string): Promise<string> => {
    const args = [flag, "--until-idle", "--registry", url, "--input", "orders=orders.jsonl"];
    const child = spawn(process.execPath, nodeArguments(args), { cwd: root, env });
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text;
    });
    const [status] = await once(child, "close");
    assert.equal(status, 0, said);
    return said;
  };
  put("orders.jsonl", order("a", 200, 1));
  assert.match(await finished("--embedded"), /^the configured registry is not asked: /m);
  assert.deepEqual(registry.subjects(), []);
  assert.doesNotMatch(await finished("--embedded-by-default"), /is not asked/);
  assert.ok(registry.subjects().includes("large-value"), registry.subjects().join(" "));
});
