/**
 * Made-up pipelines: each is built by the compiler, taken by TypeScript, run on the embedded log with a
 * crash or a rebalance now and then, and comes to what a plain program makes of it. SEED and PIPELINES
 * choose others, or more; what fails is made smaller and written as a fixture where FIXTURES=1.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { repository } from "../project.ts";
import { random } from "../random.ts";
import { temporaryFolder } from "../temporary.ts";
import { makeCase } from "./case.ts";
import { failureOf, failures } from "./judge.ts";
import { printPipeline } from "./print.ts";
import { smaller } from "./shrink.ts";

const first = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const count = Number(process.env["PIPELINES"] ?? 250);
/** Compiled together: more at once cost memory, fewer cost time. */
const together = 250;

test(`made-up pipelines come to what they mean (SEED=${first} PIPELINES=${count})`, async () => {
  for (let done = 0; done < count; done += together) {
    const seeds = Array.from(
      { length: Math.min(together, count - done) },
      (_, n) => first + done + n,
    );
    const cases = seeds.map((seed) => makeCase(seed));
    const [failure] = await failures(temporaryFolder(), cases);
    if (failure === undefined) continue;
    const least = await smaller(failure.case, async (candidate) => {
      const found = await failureOf(temporaryFolder(), candidate);
      return found?.kind === failure.kind;
    });
    const left = await failureOf(temporaryFolder(), least);
    keep(least.seed, printPipeline(least.pipeline));
    assert.fail(
      `SEED=${least.seed}: ${left?.text ?? failure.text}\n${printPipeline(least.pipeline)}`,
    );
  }
});

function keep(seed: number, source: string): void {
  if (process.env["FIXTURES"] !== "1") return;
  const folder = path.join(repository, `fixtures/generated-${seed}/in/src`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "pipeline.ts"), source);
}

test("the generator makes every kind of function, and the same for the same seed", () => {
  const agents = Array.from({ length: 200 }, (_, seed) => makeCase(seed).pipeline.agents).flat();
  const kinds = new Set(
    agents.flatMap(({ from, hasLanes, keepsLate, onError, steps, trigger }) => [
      ...[trigger, from, onError, hasLanes ? "lanes" : "", keepsLate ? "late" : ""],
      ...steps.map((step) => step.do),
    ]),
  );
  const missing = [
    ...[
      "each",
      "event",
      "stream",
      "stream events",
      "stream items",
      "skip",
      "fail",
      "reject",
      "change",
    ],
    ...["count", "look", "keep", "drop", "send", "forward"],
    ...["window", "add", "remove", "batch", "batch events", "both", "dead", "lanes", "late"],
  ].filter((kind) => !kinds.has(kind as never));
  assert.deepEqual(missing, []);
  assert.deepEqual(makeCase(7), makeCase(7));
  assert.equal(random(1).int(10), random(1).int(10));
});
