import { logCode, logError } from "./codes.ts";
import type { TopicSettings } from "./log.ts";

const partitionsMax = 10_000;

/** Throws SG6009 for the first topic with a name or a number of partitions that no topic can have. */
export function checkTopics(wanted: readonly TopicSettings[]): void {
  for (const { name, partitions } of wanted) {
    if (!isTopicName(name)) {
      throw logError(
        logCode.refused,
        `"${name}" cannot name a topic: write 1 to 249 letters, digits, ".", "_" or "-"`,
      );
    }
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > partitionsMax) {
      throw logError(
        logCode.refused,
        `topic "${name}" has ${partitions} partitions: from 1 to ${partitionsMax} are possible`,
        { topic: name },
      );
    }
  }
}

export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== "." && name !== "..";
}

/** Throws SG6004 that lists every topic which exists with other partitions or another cleanup policy. */
export function checkConflicts(
  wanted: readonly TopicSettings[],
  existing: readonly TopicSettings[],
): void {
  const byName = new Map(existing.map((settings) => [settings.name, settings]));
  const conflicts = wanted.flatMap((settings) => {
    const found = byName.get(settings.name);
    return found === undefined ? [] : describeConflicts(found, settings);
  });
  if (conflicts.length === 0) return;
  throw logError(
    logCode.conflict,
    `topics exist with other settings: ${conflicts.join("; ")}. ` +
      "Change the settings to what exists, or delete the topics",
  );
}

function describeConflicts(existing: TopicSettings, wanted: TopicSettings): readonly string[] {
  const { name } = wanted;
  const conflicts: string[] = [];
  if (existing.partitions !== wanted.partitions) {
    conflicts.push(`"${name}" has ${existing.partitions} partitions, not ${wanted.partitions}`);
  }
  if (existing.cleanup !== wanted.cleanup) {
    conflicts.push(`"${name}" has cleanup.policy ${existing.cleanup}, not ${wanted.cleanup}`);
  }
  return conflicts;
}
