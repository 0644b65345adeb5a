import type { Clock } from "../../clock.ts";
import type { Moment } from "../tasks/moment.ts";
import type { WorkerCore } from "../worker-core.ts";
import { probeHeader } from "./probe-header.ts";
import type { Probes } from "./probes.ts";
import type { CheckReport } from "./report.ts";

/** What a live check needs beside what every function does. */
export interface CheckScope {
  readonly clock: Clock;
  readonly probes: Probes;
  /** Aborted when the worker stops, or another one leads. */
  readonly signal: AbortSignal;
  /** What is sent from now on belongs to a probe, or to none. */
  mark(probe: string | undefined): void;
  /** Counts a report, and logs one that is no pass. */
  told(report: CheckReport): void;
}

export function checkScope({ moment, services, signal }: WorkerCore, probes: Probes): CheckScope {
  const { clock, logger, signals } = services;
  return {
    ...{ clock, probes, signal },
    mark: (probe) => mark(moment, probe),
    told({ check, outcome, probe, seen, waitedFor, error }) {
      signals.count(outcome === "pass" ? "checksPassed" : "checksFailed");
      if (outcome === "pass") return;
      logger.warn("a live check did not pass", {
        ...{ agent: check, outcome, probe, seen: seen.join(",") },
        ...(waitedFor !== undefined && { waitedFor }),
        ...(error !== undefined && { reason: error.message }),
      });
    },
  };
}

function mark(moment: Moment, probe: string | undefined): void {
  moment.marks =
    probe === undefined
      ? undefined
      : { isLeftOut: (name) => name === probeHeader, added: [[probeHeader, Buffer.from(probe)]] };
}
