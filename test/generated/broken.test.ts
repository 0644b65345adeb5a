/**
 * Made-up pipelines that are broken in one place: the compiler gives the one error that is expected, and
 * where. SEED and BROKEN choose others, or more.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { isError } from "../../compiler/diagnostics/report.ts";
import { random } from "../random.ts";
import { temporaryFolder } from "../temporary.ts";
import { Workshop } from "./build.ts";
import { makePipeline } from "./make.ts";
import { breakPipeline, codes } from "./mutate.ts";

const first = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const count = Number(process.env["BROKEN"] ?? 250);
const together = 250;

test(`broken pipelines are refused for what is broken (SEED=${first} BROKEN=${count})`, () => {
  const met = new Set<string>();
  for (let done = 0; done < count; done += together) {
    const workshop = new Workshop(temporaryFolder());
    const seeds = Array.from(
      { length: Math.min(together, count - done) },
      (_, n) => first + done + n,
    );
    const broken = seeds.map((seed) => {
      const numbers = random(seed);
      const one = breakPipeline(makePipeline(numbers), numbers, seed);
      workshop.place(`seed-${seed}`, one.source);
      return { seed, ...one };
    });
    for (const { code, seed, source, start } of broken) {
      met.add(code);
      const { diagnostics } = workshop.diagnose(`seed-${seed}`);
      const found = diagnostics.filter(isError).map((one) => `${one.code} at ${one.span?.start}`);
      assert.deepEqual(found, [`${code} at ${start}`], `SEED=${seed}\n${source}`);
    }
  }
  if (count >= 250) assert.deepEqual([...met].sort(), [...codes].sort());
});
