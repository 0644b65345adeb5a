import { within } from "../outage/patience.ts";
import { onAbort } from "../rpc/aborts.ts";
import { toldError } from "../rpc/errors.ts";
import type { WorkerScope } from "../scope.ts";
import type { TimerSpec } from "../spec.ts";
import type { CheckScope } from "./check-scope.ts";
import { type CheckReport, type ReportsTopic, writeReport } from "./report.ts";

/** A function that checks the running pipeline. */
export interface LiveCheckSpec {
  readonly name: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly reports: ReportsTopic;
  open(scope: WorkerScope): (probe: { readonly probe: string; readonly at: number }) => unknown;
}

/** The check as a timer of the leader's. It reports what comes of each probe, and never fails itself. */
export function liveCheck(spec: LiveCheckSpec): TimerSpec<WorkerScope> {
  const { everyMs, name, reports, timeoutMs } = spec;
  return {
    ...{ name, everyMs, onError: "skip" },
    open(scope) {
      const checking = scope.checking();
      const handle = spec.open(scope);
      const sink = scope.keyedSink(reports);
      return async ({ at }) => {
        const report = await runProbe(checking, { at, handle, name, timeoutMs });
        if (report === undefined) return;
        checking.told(report);
        sink.send(name, writeReport(report), { timestamp: checking.clock.now() });
      };
    },
  };
}

interface Run extends Pick<LiveCheckSpec, "name" | "timeoutMs"> {
  readonly at: number;
  readonly handle: ReturnType<LiveCheckSpec["open"]>;
}

/** `undefined` where the worker stopped first: that says nothing of the pipeline. */
async function runProbe(
  checking: CheckScope,
  { at, handle, name, timeoutMs }: Run,
): Promise<CheckReport | undefined> {
  const { clock, probes, signal } = checking;
  const { probe, watch } = await probes.begin();
  checking.mark(probe);
  const begun = clock.now();
  let failure: { readonly error: unknown } | undefined;
  const failed = (error: unknown): void => {
    failure = { error };
  };
  const reading = watch.run().catch(failed);
  const running = Promise.resolve()
    .then(() => handle({ probe, at }))
    .catch(failed);
  const stopped = new Promise<void>((resolve) => onAbort(signal, resolve));
  const refused = reading.then(() => (failure === undefined ? new Promise(() => undefined) : null));
  const isInTime = await within(clock, timeoutMs, Promise.race([running, stopped, refused]));
  const { waitedFor } = probes;
  const seen = probes.seen(watch);
  await probes.end(watch);
  checking.mark(undefined);
  if (signal.aborted) return undefined;
  const outcome = !isInTime ? "timeout" : failure === undefined ? "pass" : "fail";
  return {
    ...{ check: name, probe, outcome, at, tookMs: clock.now() - begun, seen },
    ...(outcome !== "pass" && waitedFor !== undefined && { waitedFor }),
    ...(failure !== undefined && { error: toldError(failure.error) }),
  };
}
