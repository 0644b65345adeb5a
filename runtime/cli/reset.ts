import type { LogAdmin } from "../log/admin.ts";
import type { CommittedOffset, Log } from "../log/log.ts";
import { noTime, writeOffsetMetadata } from "../worker/commit/offset-metadata.ts";
import { type ConsumerGroup, consumerGroups } from "../worker/consumer-groups.ts";
import { resolveSettings, type Settings } from "../worker/settings/settings.ts";
import type { PipelineSpec, TopicDeclaration } from "../worker/spec.ts";
import { isInternal } from "../worker/topics/own-topics.ts";
import { PatternNames } from "../worker/topics/pattern-names.ts";
import { nameInLog } from "../worker/topics/topic-needs.ts";
import { flagValue, givenSettings, type Invocation, refuse } from "./arguments.ts";
import { confirmed } from "./confirm.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { Refusal } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";
import { parseTime } from "./tail-place.ts";
import { plural } from "./text.ts";

/** Where an app begins after a reset; `declared`: as at its first start. */
export type ResetPlace =
  | { readonly kind: "declared" }
  | { readonly kind: "earliest" | "latest" }
  | { readonly kind: "time"; readonly timeMs: number };

/** What a reset will do to a consumer group. */
interface GroupReset {
  readonly group: string;
  /** Offsets that the group has now. */
  readonly committed: readonly CommittedOffset[];
  /** Offsets that it is to have; partitions without one are read as at the first start. */
  readonly offsets: readonly CommittedOffset[];
}

/** Everything that a reset will do. */
export interface ResetPlan {
  readonly groups: readonly GroupReset[];
  /** Changelogs and repartition topics that exist. */
  readonly topics: readonly string[];
  /** The folder with the tables on this machine, where there is one. */
  readonly stateFolder: string | undefined;
}

/** `reset`: the app forgets what it has processed. */
export async function reset(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const { switches } = invocation;
  const isDry = switches.has("dry-run");
  if (isDry && switches.has("yes")) {
    refuse("--dry-run and --yes exclude each other", "leave one out");
  }
  const to = resetPlace(flagValue(invocation, "to"));
  const settings = resolveSettings(spec, { env: around.env, flags: givenSettings(invocation) });
  const cluster = await around.connect(settings);
  const admin = await cluster.admin();
  try {
    for (const { name } of consumerGroups(spec, settings.app)) await checkNobodyRuns(admin, name);
    const stateFolder = around.stateFolder(settings);
    const parts = { spec, settings, log: cluster.log, admin };
    const plan = await planReset(parts, to, stateFolder);
    await tell(plan, { around, invocation });
    if (isDry || isNothing(plan)) return exitCode.fine;
    if (!(switches.has("yes") || (await confirmed(around, "Reset?")))) return exitCode.interrupted;
    await carryOutReset(plan, admin, around.removeState);
    if (switches.has("json")) {
      await around.print(`${JSON.stringify({ type: "result", code: exitCode.fine })}\n`);
    } else if (!switches.has("quiet")) around.note("done\n");
    return exitCode.fine;
  } finally {
    await admin.close();
    await cluster.close();
  }
}

interface ResetParts {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly log: Log;
  readonly admin: LogAdmin;
}

/** Finds out what a reset has to do, and changes nothing. */
export async function planReset(
  { spec, settings, log, admin }: ResetParts,
  to: ResetPlace,
  stateFolder: string | undefined,
): Promise<ResetPlan> {
  const nameOf = (declared: string): string => nameInLog(settings, declared);
  const existing = await log.describeTopics(internalTopics(spec).map(nameOf));
  const names = new PatternNames(spec, settings);
  const groups: GroupReset[] = [];
  for (const group of consumerGroups(spec, settings.app)) {
    const { inputs, intermediate } = inputsOf(spec, group);
    const begun = await offsetsTo(to, await names.resolve(log, inputsFor(group, to, inputs)), log);
    // What the app has written for itself belongs to what it forgets.
    const passed = await offsetsTo({ kind: "latest" }, await names.resolve(log, intermediate), log);
    groups.push({
      group: group.name,
      committed: await admin.committed(group.name),
      offsets: [...begun, ...passed.filter(({ offset }) => offset > 0)],
    });
  }
  return { groups, topics: existing.map(({ name }) => name), stateFolder };
}

/** The inputs that must have offsets to begin there: the others do so without any. */
function inputsFor(
  { groups }: ConsumerGroup,
  { kind }: ResetPlace,
  inputs: readonly TopicDeclaration[],
): readonly TopicDeclaration[] {
  if (kind === "declared") return [];
  if (kind !== "earliest") return inputs;
  const elsewhere = groups.flatMap(({ sources }) =>
    sources.flatMap(({ from, topic }) => (from === undefined ? [] : [topic.name])),
  );
  return inputs.filter(({ name }) => elsewhere.includes(name));
}

/** Made by streamgen, for this app alone. */
const internalTopics = ({ topics, groups }: PipelineSpec): readonly string[] => [
  ...topics.filter(isInternal).map(({ name }) => name),
  ...groups.flatMap(({ tables }) => tables.map(({ changelog }) => changelog)),
];

interface Inputs {
  readonly inputs: readonly TopicDeclaration[];
  /** The app writes and reads them. */
  readonly intermediate: readonly TopicDeclaration[];
}

function inputsOf({ topics }: PipelineSpec, { groups }: ConsumerGroup): Inputs {
  const read = new Set(groups.flatMap(({ sources }) => sources.map(({ topic }) => topic.name)));
  const kept = topics.filter((topic) => read.has(topic.name) && !isInternal(topic));
  const isIntermediate = ({ intermediate }: TopicDeclaration) => intermediate === true;
  return {
    inputs: kept.filter((topic) => !isIntermediate(topic)),
    intermediate: kept.filter(isIntermediate),
  };
}

/**
 * Does what a plan says. The local state goes first, which fails where a worker uses it and otherwise
 * costs a restore; then changelogs: an app that is at its old offsets without them finds that out at
 * its next start. The other way round it would count twice.
 */
export async function carryOutReset(
  { groups, topics, stateFolder }: ResetPlan,
  admin: LogAdmin,
  removeState: (folder: string) => Promise<void>,
): Promise<void> {
  if (stateFolder !== undefined) await removeState(stateFolder);
  if (topics.length > 0) await admin.deleteTopics(topics);
  for (const { group, offsets } of groups) {
    await admin.deleteGroup(group);
    if (offsets.length > 0) await admin.setOffsets(group, offsets);
  }
}

async function offsetsTo(
  to: ResetPlace,
  topics: readonly string[],
  log: Log,
): Promise<readonly CommittedOffset[]> {
  const existing = await log.describeTopics(topics);
  const places = existing.flatMap(({ name: topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );
  const ranges = await log.offsets(places);
  const offsets =
    to.kind === "time"
      ? await log.offsetsAt(places, to.timeMs)
      : ranges.map(({ start, end }) => (to.kind === "latest" ? end : start));
  // Tables that are empty: offsets without it would be taken for another tool's.
  const metadata = writeOffsetMetadata({ changelogs: {}, streamTime: noTime });
  return places.map((place, index) => ({ ...place, offset: offsets[index] ?? 0, metadata }));
}

async function checkNobodyRuns(admin: LogAdmin, group: string): Promise<void> {
  const members = await admin.members(group);
  if (members.length === 0) return;
  const names = members.map(({ client, host }) => `${client} (${host})`).join(", ");
  throw new Refusal("SG8512", `group "${group}" has ${plural(members.length, "active member")}`, {
    fix: `stop the workers first: ${names}; one that crashed leaves when its session ends`,
    exitCode: exitCode.failed,
  });
}

function isNothing({ groups, topics, stateFolder }: ResetPlan): boolean {
  const changes = groups.flatMap(({ committed, offsets }) => [...committed, ...offsets]);
  return changes.length + topics.length === 0 && stateFolder === undefined;
}

interface Telling {
  readonly around: Surroundings;
  readonly invocation: Invocation;
}

async function tell(plan: ResetPlan, { around, invocation }: Telling): Promise<void> {
  if (invocation.switches.has("json")) {
    await around.print(`${JSON.stringify({ type: "reset", ...plan })}\n`);
    return;
  }
  // Whoever is to decide has to see it, quiet or not.
  const isDecided = invocation.switches.has("yes") && invocation.switches.has("quiet");
  if (isNothing(plan)) {
    if (!isDecided) around.note("there is nothing to reset\n");
  } else if (!isDecided) await around.print(planText(plan));
}

function planText({ groups, topics, stateFolder }: ResetPlan): string {
  const place = ({ topic, partition, offset }: CommittedOffset): string =>
    `    ${topic}/${partition}: ${offset}`;
  const lines = [
    ...topics.map((topic) => `- delete topic ${topic}`),
    ...(stateFolder === undefined ? [] : [`- delete the tables in ${stateFolder}`]),
    ...groups.flatMap(({ group, committed, offsets }) => [
      ...(committed.length === 0 ? [] : [`- forget the offsets of group ${group}`]),
      ...committed.map(place),
      ...(offsets.length === 0 ? [] : [`+ set offsets of group ${group}`, ...offsets.map(place)]),
    ]),
    "= inputs without an offset here are read as at the first start",
    "= other topics keep their records, those that the app has written among them",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function resetPlace(text: string | undefined): ResetPlace {
  if (text === undefined) return { kind: "declared" };
  if (text === "earliest" || text === "latest") return { kind: text };
  const timeMs = parseTime(text);
  if (timeMs !== undefined) return { kind: "time", timeMs };
  return refuse(
    `--to is "${text}"`,
    "write earliest, latest, or a time such as 2026-11-21T09:30:00Z",
  );
}
