import { retryInLanes } from "../diagnostics/errors.ts";
import { badCount } from "../diagnostics/topology.ts";
import type { ErrorPolicyModel } from "../model/error-policy.ts";
import { numberOption, type Options } from "./options.ts";
import type { Reading } from "./reading.ts";

export interface LanesModel {
  readonly lanes?: number;
}

/** Whose records, and what happens where they fail. */
interface Handler {
  readonly agent: string;
  readonly onError: ErrorPolicyModel;
}

export const lanesMax = 1000;

/** How many records a function handles at once; one needs no lanes. */
export function readLanes(
  reading: Reading,
  options: Options,
  { agent, onError }: Handler,
): LanesModel {
  const option = options.get("concurrency");
  const lanes = numberOption(reading, options, "concurrency");
  if (option === undefined || lanes === undefined) return {};
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= lanesMax) {
    if (lanes === 1) return {};
    checkPolicy(reading, options, { agent, onError });
    return { lanes };
  }
  const count = { name: "records at once", value: lanes, max: lanesMax };
  reading.report(badCount(count, `agent "${agent}"`, reading.place(option.node)));
  return {};
}

/** A record that waits to be tried again is the only one of its task. */
function checkPolicy(reading: Reading, options: Options, { agent, onError }: Handler): void {
  const option = options.get("onError");
  if (option === undefined || typeof onError === "string" || !("retries" in onError)) return;
  reading.report(retryInLanes(agent, reading.place(option.node)));
}
