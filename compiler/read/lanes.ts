import { badCount } from "../diagnostics/topology.ts";
import { numberOption, type Options } from "./options.ts";
import type { Reading } from "./reading.ts";

export interface LanesModel {
  readonly lanes?: number;
}

export const lanesMax = 1000;

/** How many records a function handles at once; one needs no lanes. */
export function readLanes(reading: Reading, options: Options, agent: string): LanesModel {
  const option = options.get("concurrency");
  const lanes = numberOption(reading, options, "concurrency");
  if (option === undefined || lanes === undefined) return {};
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= lanesMax) {
    if (lanes === 1) return {};
    return { lanes };
  }
  const count = { name: "records at once", value: lanes, max: lanesMax };
  reading.report(badCount(count, `agent "${agent}"`, reading.place(option.node)));
  return {};
}
