/**
 * Made-up pipelines: each is built by the compiler, taken by TypeScript, run on the embedded log, and
 * comes to what a plain program makes of it. SEED and PIPELINES choose others, or more.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { random } from "../random.ts";
import { temporaryFolder } from "../temporary.ts";
import { Workshop } from "./build.ts";
import { interpret } from "./interpret.ts";
import { makeHappenings, makePipeline } from "./make.ts";
import { printPipeline } from "./print.ts";
import { run } from "./run.ts";

const first = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const count = Number(process.env["PIPELINES"] ?? 40);

test(`made-up pipelines come to what they mean (SEED=${first})`, async () => {
  const workshop = new Workshop(temporaryFolder());
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const cases = seeds.map((seed) => {
    const numbers = random(seed);
    const pipeline = makePipeline(numbers);
    const name = `seed-${seed}`;
    workshop.place(name, printPipeline(pipeline));
    return { name, pipeline, happenings: makeHappenings(numbers, pipeline), random: numbers };
  });
  let t = Date.now();
  const lap = (what: string) => {
    console.log(what, Date.now() - t);
    t = Date.now();
  };
  for (const { name, pipeline } of cases) {
    const e = workshop.build(name);
    if (e !== "") console.log(printPipeline(pipeline), e);
  }
  lap("build");
  const types = workshop.types();
  lap("types");
  for (const [name, errors] of types) {
    const c = cases.find((one) => one.name === name);
    console.log(c && printPipeline(c.pipeline), errors);
  }
  for (const one of cases) {
    try {
      const { meaning, course } = await run(workshop, one);
      assert.deepEqual(meaning, interpret(one.pipeline, one.happenings, course));
    } catch (error) {
      console.log(one.name, printPipeline(one.pipeline).split("Latest = ")[1], error);
    }
  }
  lap("run");
});
