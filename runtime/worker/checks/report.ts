import { StreamgenError } from "../../errors.ts";
import type { ClientSettings } from "../outside/client-settings.ts";
import { readTopic } from "../outside/topic-reader.ts";
import type { ToldError } from "../rpc/errors.ts";
import type { TopicSpec } from "../spec.ts";

/** What came of one probe. */
export interface CheckReport {
  /** The function's name. */
  readonly check: string;
  readonly probe: string;
  /** `timeout`: it was not over in time. */
  readonly outcome: "pass" | "fail" | "timeout";
  /** When the probe began, in milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
  /** The topics in which what came of the probe was found, in that order. */
  readonly seen: readonly string[];
  /** The topic that was waited for when the check ended. */
  readonly waitedFor?: string;
  /** What the check failed with. */
  readonly error?: ToldError;
}

export type ReportsTopic = TopicSpec<string, Uint8Array>;

export const writeReport = (report: CheckReport): Uint8Array => Buffer.from(JSON.stringify(report));

/** What live checks have reported until now. Throws SG8922 for a report that is none. */
export async function* readReports(
  topic: ReportsTopic,
  settings: ClientSettings,
): AsyncGenerator<CheckReport> {
  for await (const { value, offset, partition } of readTopic(topic, settings)) {
    if (value === null) continue;
    const report: unknown = JSON.parse(Buffer.from(value).toString());
    if (!isReport(report)) {
      const place = { topic: topic.name, partition, offset };
      throw new StreamgenError("SG8922", "a record is no report of a live check", place);
    }
    yield report;
  }
}

const outcomes: ReadonlySet<unknown> = new Set(["pass", "fail", "timeout"]);

function isReport(value: unknown): value is CheckReport {
  if (typeof value !== "object" || value === null) return false;
  return "check" in value && "probe" in value && "outcome" in value && outcomes.has(value.outcome);
}
