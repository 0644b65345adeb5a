/** A worker in two threads on a real broker, started in each way of running one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "../random.ts";
import { type Leashed, startLeashed } from "./leash.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";

const repository = path.join(import.meta.dirname, "../..");
const skip = withoutKafka();
const stripsTypes = "typescript" in process.features && process.features.typescript !== false;
const stopMaxMs = 10_000;

/** Starts the pipeline's program with some threads, and tables in `state`. */
function start(tally: Tally, program: readonly string[], state: string, threads = 2): Leashed {
  const flags = ["--threads", `${threads}`, "--bootstrap", tally.bootstrap, "--state", state];
  return startLeashed({
    command: process.execPath,
    args: [...program, ...flags],
    folder: tally.folder,
    log: path.join(tally.folder, "worker.log"),
  });
}

/** Sends, lets two threads work, stops them by a signal, and looks at what has come of it. */
async function expectWork(tally: Tally, program: readonly string[]): Promise<void> {
  const state = tally.state();
  await tally.createInputs();
  const worker = start(tally, program, state);
  try {
    await tally.send("happenings", 4000, { keys: 50, random: random(7) });
    await tally.send("calls", 400, { keys: 20, random: random(8) });
    await Promise.race([
      tally.committed("happenings", 60_000).then(() => tally.committed("calls", 60_000)),
      worker.ended.then((code) => assert.fail(`it has ended with ${code}`)),
    ]);
    await expectStop(worker);
    await tally.verify("happenings");
    await tally.verify("calls");
    assert.deepEqual(readdirSync(state).sort(), ["thread-1", "thread-2"]);
  } catch (error) {
    throw new Error(`${error}; it has said:\n${readFileSync(worker.log, "utf8").slice(-4000)}`);
  } finally {
    await worker.end("SIGKILL");
    await tally.close();
  }
}

async function expectStop(worker: Leashed): Promise<void> {
  const begun = performance.now();
  await worker.end("SIGTERM");
  assert.equal(await worker.ended, 0);
  assert.ok(performance.now() - begun < stopMaxMs, "it stops in time");
}

const fromSources = "--conditions=@streamgen/source";

test("two threads run from the sources through tsx", { skip }, async () => {
  const tally = new Tally(await sharedKafka());
  const main = path.join(tally.folder, "generated/main.ts");
  await expectWork(tally, [fromSources, "--import", import.meta.resolve("tsx"), main]);
});

test("two threads run from the sources as they are", {
  skip: skip || (stripsTypes ? false : "this Node does not run TypeScript; Node 24 does"),
}, async () => {
  const tally = new Tally(await sharedKafka());
  // As a project's own tsconfig makes them.
  for (const file of sourcesIn(tally.folder)) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll(/( from "\.[^"]*)\.js"/g, '$1.ts"'));
  }
  await expectWork(tally, [fromSources, path.join(tally.folder, "generated/main.ts")]);
});

test("two threads run compiled", {
  skip:
    skip || (existsSync(path.join(repository, "runtime/dist")) ? false : "npm run build is needed"),
}, async () => {
  const tally = new Tally(await sharedKafka());
  const options = {
    ...{ target: "es2023", module: "nodenext", types: [] },
    // Types were checked where the fixture was.
    ...{ rootDir: ".", outDir: "dist", noCheck: true },
  };
  const include = ["generated", "src"];
  writeFileSync(
    path.join(tally.folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, include }),
  );
  const tsc = path.join(repository, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc], {
    cwd: tally.folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
  await expectWork(tally, [path.join(tally.folder, "dist/generated/main.js")]);
});

test("threads stopped under load, and started in another number, lose nothing", {
  skip,
}, async () => {
  const tally = new Tally(await sharedKafka());
  const main = path.join(tally.folder, "generated/main.ts");
  const program = [fromSources, "--import", import.meta.resolve("tsx"), main];
  const state = tally.state();
  await tally.createInputs();
  const total = 60_000;
  await tally.send("happenings", total, { keys: 500, random: random(9) });
  let worker = start(tally, program, state);
  try {
    while ((await tally.left("happenings")) === total) await sleep(20);
    await expectStop(worker);
    await tally.send("happenings", 5000, { keys: 500, random: random(10) });
    worker = start(tally, program, state, 3);
    await tally.committed("happenings", 60_000);
    await expectStop(worker);
    await tally.verify("happenings");
  } catch (error) {
    throw new Error(`${error}; it has said:\n${readFileSync(worker.log, "utf8").slice(-4000)}`);
  } finally {
    await worker.end("SIGKILL");
    await tally.close();
  }
});

function sourcesIn(folder: string): readonly string[] {
  return ["src", "generated"].flatMap((part) =>
    readdirSync(path.join(folder, part), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, part, name)),
  );
}
