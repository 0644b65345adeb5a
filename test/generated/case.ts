import { type Random, random } from "../random.ts";
import { makeHappenings, makePipeline } from "./make.ts";
import type { Happening, Pipeline } from "./model.ts";

/** A pipeline, what happens to it, and which trouble there is. */
export interface Case {
  readonly seed: number;
  readonly pipeline: Pipeline;
  readonly happenings: readonly Happening[];
  readonly trouble: Trouble;
}

export interface Trouble {
  readonly delivery: "exactly-once" | "at-least-once";
  /** The happening before which it comes; none where there is no such happening. */
  readonly at: number;
  readonly kind: "crash" | "rebalance";
  /** Whether everything before is committed by then. */
  readonly isIdle: boolean;
}

export function makeCase(seed: number): Case {
  const numbers = random(seed);
  const pipeline = makePipeline(numbers);
  const happenings = makeHappenings(numbers, pipeline);
  return { seed, pipeline, happenings, trouble: makeTrouble(numbers, happenings.length) };
}

function makeTrouble(numbers: Random, count: number): Trouble {
  return {
    delivery: numbers.pick(["exactly-once", "at-least-once"] as const),
    at: numbers.chance(0.4) ? numbers.int(count) : -1,
    kind: numbers.pick(["crash", "rebalance"] as const),
    isIdle: numbers.chance(0.5),
  };
}
