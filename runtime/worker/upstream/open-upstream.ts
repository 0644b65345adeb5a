import type { Services } from "../services/services.ts";
import type { GroupSpec, PipelineSpec, Source } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";
import { TimeTeller } from "./time-teller.ts";
import { UpstreamTimes } from "./upstream-times.ts";

/** How long a partition without records holds others back, unless a worker is told otherwise. */
export const idlePartitionMs = 10_000;

/**
 * The repartition topics whose readers go by stream time, by their declared names. Behind a pattern it
 * is not known how many partitions there are that could be waited for.
 */
export function timedTopics({ groups, topics: declared }: PipelineSpec): ReadonlySet<string> {
  const patterns = declared.filter(({ pattern }) => pattern !== undefined);
  const isOfPattern = (source: string) => patterns.some(({ name }) => name === source);
  const timed = groups.filter(({ tables }) => tables.some(({ windows }) => windows !== undefined));
  const topics = timed.flatMap(({ sources }) => sources.map(({ topic }) => topic));
  const repartitions = topics.filter(
    ({ repartitionOf }) => repartitionOf !== undefined && !isOfPattern(repartitionOf),
  );
  return new Set(repartitions.map(({ name }) => name));
}

/** What the sources of a group's repartition topics tell, by the topics' declared names. */
export function openUpstreams(
  { sources }: GroupSpec,
  { timedTopics: timed, topics }: Services,
): ReadonlyMap<string, UpstreamTimes> {
  const upstreams = new Map<string, UpstreamTimes>();
  for (const { topic } of sources) {
    const { name, repartitionOf } = topic;
    if (repartitionOf === undefined || !timed.has(name)) continue;
    upstreams.set(name, new UpstreamTimes(topics.partitionsOf(repartitionOf)));
  }
  return upstreams;
}

/** Tells the readers behind a source's repartition topics how far it is, where they need to know. */
export function openTeller(
  { repartitions }: Source,
  core: WorkerCore,
  { partition, wake }: { readonly partition: number; readonly wake: () => void },
): TimeTeller | undefined {
  const { clock, idlePartitionMs: idleMs, timedTopics: timed, topics } = core.services;
  const told = repartitions.filter(({ name }) => timed.has(name));
  if (told.length === 0) return undefined;
  const out = told.map(({ name }) =>
    core.outbox.topic(topics.nameOf(name), {
      partitions: topics.partitionsOf(name),
      recordMaxBytes: topics.recordMaxBytesOf(name),
    }),
  );
  return new TimeTeller({ partition, topics: out, clock, idleMs, wake });
}
