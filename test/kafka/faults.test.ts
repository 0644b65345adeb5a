/**
 * What can be wrong around a worker that is started by its command line: one clear line, the exit code
 * that is documented, and a state that the next worker goes on with.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import test from "node:test";
import { random } from "../random.ts";
import { users } from "./access.ts";
import { freePorts } from "./ports.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const patienceMs = 120_000;
const numbers = random(11);
const exitCode = { failed: 1, usage: 2, unreachable: 5 } as const;

interface Fault {
  readonly bootstrap?: string;
  readonly state?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Makes it, and gives what takes it away. */
  readonly make?: (tally: Tally, state: string) => () => void;
}

interface End {
  readonly code: number;
  readonly says: RegExp;
}

/** A worker has begun; the next one meets the fault; the one after that finishes the work. */
async function survives(fault: Fault, end: End): Promise<string> {
  const { flags = [], env = {}, make } = fault;
  const kafka = await sharedKafka();
  const tally = new Tally(kafka);
  const state = path.join(tally.folder, "state");
  mkdirSync(state);
  const usual = ["--bootstrap", tally.bootstrap, "--state", state];
  const wrong = ["--bootstrap", fault.bootstrap ?? tally.bootstrap];
  wrong.push("--state", fault.state ?? state, ...flags);
  try {
    await tally.createInputs();
    await work(tally, usual);
    const mend = make?.(tally, state) ?? (() => undefined);
    let said: string;
    try {
      await tally.send("happenings", 2000, { keys: 100, random: numbers });
      const worker = WorkerProcess.main({ folder: tally.folder, env }, wrong);
      const code = await worker.ended;
      said = worker.said;
      assert.equal(code, end.code, said);
      const errors = linesOf(said).filter((line) => /^error|"level":"error"/.test(line));
      assert.equal(errors.length, 1, said);
      assert.match(errors[0] ?? "", end.says);
      assert.doesNotMatch(said, /^\s+at /m);
    } finally {
      mend();
    }
    await work(tally, usual);
    await tally.verify("happenings");
    return said;
  } finally {
    await tally.close();
  }
}

/** Sends some records and lets a worker count everything that is there. */
async function work(tally: Tally, flags: readonly string[]): Promise<void> {
  await tally.send("happenings", 2000, { keys: 100, random: numbers });
  const worker = WorkerProcess.main(tally, flags);
  try {
    const early = worker.ended.then((code) => assert.fail(`the worker has ended with ${code}`));
    await Promise.race([tally.committed("happenings", patienceMs), early]);
    early.catch(() => undefined);
    const { code } = await worker.stop();
    assert.equal(code, 0, worker.said);
  } catch (error) {
    throw new Error(`${error}; the worker has said: ${worker.said}`, { cause: error });
  } finally {
    await worker.kill();
  }
}

const linesOf = (said: string): readonly string[] => said.split("\n").filter((line) => line !== "");

/** Changes a generated file, and gives what changes it back. */
function edit(tally: Tally, file: string, from: RegExp, to: string): () => void {
  const place = path.join(tally.folder, "generated", file);
  const before = readFileSync(place, "utf8");
  const after = before.replace(from, to);
  assert.notEqual(after, before, `nothing to change in ${file}`);
  writeFileSync(place, after);
  return () => writeFileSync(place, before);
}

test("brokers that are down", { skip }, async () => {
  const [port = 1] = await freePorts(1);
  await survives(
    { bootstrap: `127.0.0.1:${port}` },
    { code: exitCode.unreachable, says: new RegExp(`127.0.0.1:${port}.*SG6020`) },
  );
});

test("a password that is wrong", { skip }, async () => {
  const kafka = await sharedKafka();
  const password = "canary-of-the-fault-test";
  const said = await survives(
    {
      bootstrap: kafka.doors.sasl.join(","),
      env: {
        STREAMGEN_SASL_MECHANISM: "plain",
        STREAMGEN_SASL_USERNAME: users.plain.username,
        STREAMGEN_SASL_PASSWORD: password,
      },
    },
    { code: exitCode.unreachable, says: /SG6021/ },
  );
  assert.ok(!said.includes(password));
});

test("exactly once, which this log cannot carry", { skip }, async () => {
  await survives(
    { env: { STREAMGEN_DELIVERY: "exactly-once" } },
    { code: exitCode.usage, says: /SG8044.*which this log cannot carry: .*generation/ },
  );
});

test("a topic of others that is missing", { skip }, async () => {
  await survives(
    {
      make: (tally) =>
        edit(tally, "topics.ts", /name: "(\S+-calls)",/, 'name: "$1-gone",\n  external: true,'),
    },
    { code: exitCode.failed, says: /-calls-gone.*external and does not exist.*SG8003/ },
  );
});

test("a topic with another number of partitions", { skip }, async () => {
  await survives(
    { make: (tally) => edit(tally, "topics.ts", /partitions: 2/, "partitions: 3") },
    { code: exitCode.failed, says: /has 2 partitions, not 3.*SG8003/ },
  );
});

test("a state folder that another worker uses", { skip }, async () => {
  const kafka = await sharedKafka();
  const other = new Tally(kafka);
  try {
    await other.createInputs();
    const state = path.join(other.folder, "state");
    const holder = WorkerProcess.main(other, ["--bootstrap", other.bootstrap, "--state", state]);
    await holder.says(/"ready"/, patienceMs);
    await survives({ state }, { code: exitCode.failed, says: /SG7011/ });
    await holder.stop();
  } finally {
    await other.close();
  }
});

test("a registry that answers nonsense", { skip }, async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("<html>welcome</html>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    await survives(
      {
        flags: ["--registry", `http://127.0.0.1:${port}`],
        make: (tally) => avroOutput(tally),
      },
      { code: exitCode.unreachable, says: new RegExp(`127.0.0.1:${port}`) },
    );
  } finally {
    server.close();
  }
});

/** Makes one output Avro, so that the registry is asked. */
function avroOutput(tally: Tally): () => void {
  const back = edit(tally, "topics.ts", /import \{ json,/, "import { avro, json,");
  edit(tally, "topics.ts", /json\(tallyCodec\)/, "avro(tallyCodec)");
  return back;
}

const mayMount = process.getuid?.() === 0 || process.env["CI"] === "true";
const noMount = skip || (mayMount ? false : "mounting a small disk takes root");

test("a disk that is full", { skip: noMount }, async () => {
  const kafka = await sharedKafka();
  const tally = new Tally(kafka);
  const disk = path.join(tally.folder, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", disk]);
  const flags = ["--bootstrap", tally.bootstrap, "--state", path.join(disk, "state")];
  try {
    await tally.createInputs();
    const keys = Array.from({ length: 60_000 }, () => numbers.bytes(60).toString("hex"));
    await tally.sendKeys("happenings", keys);
    const worker = WorkerProcess.main(tally, [...flags, "--cache-bytes", "8388608"]);
    const code = await worker.ended;
    assert.equal(code, exitCode.failed, worker.said);
    const errors = linesOf(worker.said).filter((line) => /"level":"error"/.test(line));
    assert.equal(errors.length, 1, worker.said);
    assert.match(errors[0] ?? "", /SG7012/);
    execFileSync("mount", ["-o", "remount,size=200m", disk]);
    await tally.sendKeys("happenings", keys.slice(0, 1000));
    const next = WorkerProcess.main(tally, flags);
    await tally.committed("happenings", patienceMs);
    assert.equal((await next.stop()).code, 0, next.said);
    await tally.verify("happenings");
  } finally {
    await tally.close();
    execFileSync("umount", ["-l", disk]);
  }
});
