import { StreamgenError } from "../../errors.ts";
import type { CommittedOffset } from "../../log/log.ts";
import { type AgentPlaces, readAgentPlaces } from "../sources/agent-places.ts";
import type { GroupSpec } from "../spec.ts";

/**
 * What is committed beside an offset: up to where each changelog belongs to that offset, and the
 * highest event time seen, `null` before the first.
 *
 *     {"v":1,"time":1700000000000,"changelogs":{"order-counts":42}}
 */
export interface OffsetMetadata {
  /** The next changelog offset, by table. */
  readonly changelogs: Readonly<Record<string, number>>;
  readonly streamTime: number;
  /** By topic, where its agents are not equally far. */
  readonly behind?: Readonly<Record<string, AgentPlaces>>;
}

/** How far the partitions of a repartition's source have come: it is beside the topic's own offset. */
const upstreamField = "upstream";

const format = 1;
/** The same with open events in it, which a worker that knows only the first would take for done. */
const openFormat = 2;
/** No event was seen yet; JSON writes it as `null`. */
export const noTime: number = Number.NEGATIVE_INFINITY;
/** Kafka takes 4 KiB unless it is told otherwise. */
const metadataMaxBytes = 4096;

/** Throws SG8031 where a group has so many tables that their places would not fit beside an offset. */
export function checkMetadataRoom(group: GroupSpec): void {
  const widest = Number.MAX_SAFE_INTEGER;
  const changelogs = Object.fromEntries(group.tables.map(({ name }) => [name, widest]));
  const { length } = writeOffsetMetadata({ changelogs, streamTime: widest });
  if (length <= metadataMaxBytes) return;
  throw new StreamgenError(
    "SG8031",
    `group "${group.name}" has too many tables: their places take ${length} bytes beside an ` +
      `offset, and ${metadataMaxBytes} fit`,
  );
}

export function writeOffsetMetadata(metadata: OffsetMetadata): string {
  const { behind = {}, changelogs, streamTime } = metadata;
  const isOpen = Object.values(behind).some(({ open }) => open !== undefined);
  const fields = { v: isOpen ? openFormat : format, time: streamTime, changelogs };
  return JSON.stringify(Object.keys(behind).length === 0 ? fields : { ...fields, behind });
}

/** What is left for the times of upstream partitions beside other metadata, or beside none. */
export const upstreamRoom = (metadata: string): number => metadataMaxBytes - metadata.length - 20;

/** Adds them. */
export function withUpstream(metadata: string, upstream: string): string {
  const field = `${JSON.stringify(upstreamField)}:${JSON.stringify(upstream)}}`;
  return metadata === "" ? `{${field}` : `${metadata.slice(0, -1)},${field}`;
}

/** Where a task resumes. */
export interface Place {
  /**
   * `undefined`: nothing was committed yet, so that tables are empty whatever changelogs hold. A table
   * that is not listed is new in the group: all that its changelog holds counts.
   */
  readonly changelogs: Readonly<Record<string, number>> | undefined;
  /** Whether the offsets are another tool's: they say nothing of changelogs. */
  readonly isForeign: boolean;
  /** Of each input, in order. */
  readonly offsets: readonly number[];
  readonly streamTime: number;
  readonly behind?: OffsetMetadata["behind"];
  /** Of each input, what its upstream partitions had told; absent where no input has any. */
  readonly upstream?: readonly (string | undefined)[];
}

/** What a group has committed; inputs that it has not read yet begin at their `starts`. */
export function readPlace(committed: readonly CommittedOffset[], starts: readonly number[]): Place {
  // It is beside the input that was first when it was written.
  const [metadata] = committed.flatMap((each) => readOffsetMetadata(each.metadata) ?? []);
  const upstream = committed.map(readUpstream);
  const isNew = committed.every(({ offset }) => offset < 0);
  return {
    changelogs: isNew ? undefined : (metadata?.changelogs ?? {}),
    isForeign: !isNew && metadata === undefined,
    offsets: committed.map(({ offset }, index) => (offset < 0 ? (starts[index] ?? 0) : offset)),
    streamTime: metadata?.streamTime ?? noTime,
    ...(metadata?.behind !== undefined && { behind: metadata.behind }),
    ...(upstream.some((text) => text !== undefined) && { upstream }),
  };
}

function readUpstream({ metadata }: CommittedOffset): string | undefined {
  const upstream = parseObject(metadata)?.get(upstreamField);
  return typeof upstream === "string" ? upstream : undefined;
}

/**
 * `undefined` for text that streamgen did not write, such as another tool's reset. Throws SG8030 for
 * text of a newer streamgen.
 */
export function readOffsetMetadata(text: string): OffsetMetadata | undefined {
  const fields = parseObject(text);
  const version = fields?.get("v");
  if (fields === undefined || typeof version !== "number") return undefined;
  if (version !== format && version !== openFormat) {
    throw new StreamgenError(
      "SG8030",
      `the group's offsets are of format ${version}, this worker knows ${openFormat}: update it`,
    );
  }
  const changelogs: Record<string, number> = Object.create(null);
  const listed = fields.get("changelogs");
  if (typeof listed === "object" && listed !== null) {
    for (const [table, end] of Object.entries(listed)) {
      if (Number.isSafeInteger(end) && end >= 0) changelogs[table] = end;
    }
  }
  const time = fields.get("time");
  const behind = readBehind(fields.get("behind"));
  return {
    changelogs,
    streamTime: typeof time === "number" ? time : noTime,
    ...(behind !== undefined && { behind }),
  };
}

function readBehind(json: unknown): OffsetMetadata["behind"] {
  if (typeof json !== "object" || json === null) return undefined;
  const behind: Record<string, AgentPlaces> = Object.create(null);
  for (const [topic, written] of Object.entries(json)) {
    const places = readAgentPlaces(written);
    if (places !== undefined) behind[topic] = places;
  }
  return behind;
}

function parseObject(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null
      ? new Map(Object.entries(parsed))
      : undefined;
  } catch {
    return undefined;
  }
}
