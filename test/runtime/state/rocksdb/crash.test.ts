import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { random } from "../../../random.ts";
import { newFolder } from "./folder.ts";

const writer = path.join(import.meta.dirname, "crash-writer.ts");

/** Runs the writer until it has written some batches more. Gives where it began and what it said last. */
async function writeAndKill(
  folder: string,
  batches: number,
): Promise<{ readonly began: number; readonly wrote: number }> {
  const child = spawn(process.execPath, ["--import", "tsx", writer, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let began = -1;
  let wrote = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(" ");
    if (what === "begin") began = Number(number);
    wrote = Number(number);
    if (began >= 0 && wrote >= began + batches) child.kill("SIGKILL");
  }
  return { began, wrote };
}

test("processes killed 20 times while they write leave whole batches, none lost", async () => {
  await Promise.all([7, 8].map((seed) => killTenTimes(seed)));
});

async function killTenTimes(seed: number): Promise<void> {
  const numbers = random(seed);
  const folder = newFolder("crash");
  let wrote = 0;
  for (let kill = 0; kill < 10; kill += 1) {
    const run = await writeAndKill(folder, 1 + numbers.int(60));
    const what = `run ${kill} of seed ${seed} began at ${run.began}, after ${wrote} were written`;
    assert.ok(run.began >= wrote, what);
    wrote = run.wrote;
  }
}
