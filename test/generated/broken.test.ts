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
import { type Broken, breakPipeline, codes } from "./mutate.ts";

/** A breakage that fits few pipelines is looked for in so many more of them. */
const furtherMax = 2000;

const first = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const count = Number(process.env["BROKEN"] ?? 250);
const together = 250;

interface BrokenPipeline extends Broken {
  readonly seed: number;
}

function broke(seed: number): BrokenPipeline {
  const numbers = random(seed);
  return { seed, ...breakPipeline(makePipeline(numbers), numbers, seed) };
}

const codesOf = (broken: readonly Broken[]): readonly string[] => broken.map(({ code }) => code);

/** One more for each code that chance has left out. */
function lacking(from: number, met: readonly string[]): readonly BrokenPipeline[] {
  const missing = new Set(codes.filter((code) => !met.includes(code)));
  const found: BrokenPipeline[] = [];
  for (let seed = from; missing.size > 0 && seed < from + furtherMax; seed += 1) {
    const one = broke(seed);
    if (missing.delete(one.code)) found.push(one);
  }
  return found;
}

test(`broken pipelines are refused for what is broken (SEED=${first} BROKEN=${count})`, () => {
  const met = new Set<string>();
  for (let done = 0; done < count; done += together) {
    const workshop = new Workshop(temporaryFolder());
    const seeds = Array.from(
      { length: Math.min(together, count - done) },
      (_, n) => first + done + n,
    );
    const broken = seeds.map(broke);
    const isLast = done + together >= count;
    if (isLast && count >= 250)
      broken.push(...lacking(first + count, [...met, ...codesOf(broken)]));
    for (const { seed, source } of broken) workshop.place(`seed-${seed}`, source);
    for (const { code, seed, source, start } of broken) {
      met.add(code);
      const { diagnostics } = workshop.diagnose(`seed-${seed}`);
      const found = diagnostics.filter(isError).map((one) => `${one.code} at ${one.span?.start}`);
      assert.deepEqual(found, [`${code} at ${start}`], `SEED=${seed}\n${source}`);
    }
  }
  if (count >= 250) assert.deepEqual([...met].sort(), [...codes].sort());
});
