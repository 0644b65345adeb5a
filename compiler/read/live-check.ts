import { badSpan } from "../diagnostics/topology.ts";
import type { TopicModel } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { noOptions, readOptions, textOption } from "./options.ts";
import { internalTopic } from "./own-topic.ts";
import type { Reading } from "./reading.ts";
import { spanMs } from "./span.ts";
import { readEvery } from "./timer.ts";
import type { ReadTrigger } from "./trigger.ts";

const timeoutDefault = "30s";

/** `LiveCheck<"1m", options>`: a timer of the leader's, whose outcomes are reported. */
export function readLiveCheck(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { trigger } = candidate;
  const [span, last] = trigger.arguments;
  const options =
    readOptions(reading, last, { allowed: ["timeout"], of: "LiveCheck" }) ?? noOptions;
  const everyMs = readEvery(reading, span, trigger.node);
  const timeout = textOption(reading, options, "timeout") ?? timeoutDefault;
  const timeoutMs = spanMs(timeout);
  if (timeoutMs === undefined) {
    const node = options.get("timeout")?.node ?? trigger.node;
    reading.report(badSpan(timeout, "timeout", reading.place(node)));
  }
  if (everyMs === undefined || timeoutMs === undefined) return undefined;
  const reports = reportsTopic(reading, candidate).name;
  return { model: { kind: "check", everyMs, timeoutMs, reports, leader: true }, onError: "skip" };
}

/** The one topic of the app for all reports. */
const reportsTopic = (reading: Reading, { trigger }: Candidate): TopicModel =>
  internalTopic(reading, {
    name: `${reading.options.app}-checks`,
    alias: "CheckReports",
    value: { kind: "bytes" },
    key: { kind: "given", type: { kind: "string" } },
    format: "bytes",
    internal: "reports",
    span: reading.place(trigger.place),
  });
