import { isRegistryError, registryCode } from "../codec/registry/errors.ts";
import { learning } from "../codec/unknown-writer.ts";
import { type ErrorPlace, StreamgenError } from "../errors.ts";
import type { FetchedBatch, Fetcher, OffsetRange } from "../log/log.ts";
import { registryFor } from "../worker/services/registry-for.ts";
import { resolveSettings } from "../worker/settings/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { readTimeMarker } from "../worker/upstream/time-marker.ts";
import { flagValue, givenSettings, type Invocation, numberOf, refuse } from "./arguments.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { failureJson } from "./failure.ts";
import { findTopic } from "./find-topic.ts";
import { JsonTopic } from "./json-topic.ts";
import { reasonOf } from "./refusal.ts";
import type { Cluster, Surroundings } from "./surroundings.ts";
import { firstOffsets, type Place, parsePlace } from "./tail-place.ts";

/** How long one poll waits; a stop is noticed at once all the same. */
const pollMs = 1000;

interface TailOptions {
  readonly from: Place;
  readonly max: number;
  readonly partition: number | undefined;
  readonly isFollowing: boolean;
  /** What cannot be decoded is told as JSON. */
  readonly isJson: boolean;
}

/**
 * `tail <topic>`: prints records as they come, those of one partition in their order. A record that
 * cannot be decoded is told, with its place, and passed over.
 */
export async function tail(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const options = tailOptions(invocation, around.printsToTerminal);
  const settings = resolveSettings(spec, {
    env: around.env,
    flags: givenSettings(invocation),
  });
  const cluster = await around.connect(settings);
  try {
    const found = await findTopic(cluster.log, { spec, settings }, invocation.operand);
    const { name, partitions } = found;
    const hasEnvelope = invocation.switches.has("envelope");
    const topic = await JsonTopic.open(found.spec, {
      ...{ name, partitions, hasEnvelope, isReadOnly: true },
      registry: registryFor([found.spec], cluster.log, cluster.registry),
    });
    await new Tail(cluster, topic, { options, around }).run();
    return exitCode.fine;
  } finally {
    await cluster.close();
  }
}

/** Understands the flags of `tail`. Throws a `Refusal`. */
export function tailOptions(invocation: Invocation, isTerminal: boolean): TailOptions {
  const { switches } = invocation;
  if (switches.has("follow") && switches.has("no-follow")) {
    refuse("--follow and --no-follow exclude each other", "leave one out");
  }
  const isFollowing = switches.has("follow") || (isTerminal && !switches.has("no-follow"));
  const from = flagValue(invocation, "from") ?? (isFollowing ? "end" : "start");
  return {
    from: parsePlace(from),
    max: numberOf(invocation, "max", 1) ?? Number.POSITIVE_INFINITY,
    partition: numberOf(invocation, "partition", 0),
    isFollowing,
    isJson: switches.has("json"),
  };
}

/** Prints records of one topic, until its end, the number wanted, a signal, or nobody listens. */
class Tail {
  readonly #cluster: Cluster;
  readonly #topic: JsonTopic;
  readonly #options: TailOptions;
  readonly #around: Surroundings;
  /** Where each partition that is still read ends. */
  readonly #ends = new Map<number, number>();
  #printed = 0;
  #isRead = true;

  constructor(
    cluster: Cluster,
    topic: JsonTopic,
    { options, around }: { readonly options: TailOptions; readonly around: Surroundings },
  ) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#options = options;
    this.#around = around;
  }

  async run(): Promise<void> {
    const fetcher = await this.#cluster.log.fetcher();
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= fetcher.close();
      return closing;
    };
    // A poll that waits ends with nothing.
    this.#around.stop.requested.then(close).catch(() => undefined);
    try {
      await this.#begin(fetcher);
      while (!this.#isDone) {
        for (const batch of await fetcher.poll(pollMs)) await this.#print(batch, fetcher);
      }
    } finally {
      await close();
    }
  }

  get #isDone(): boolean {
    const { max, isFollowing } = this.#options;
    const isAtEnd = !isFollowing && this.#ends.size === 0;
    return isAtEnd || this.#printed >= max || !this.#isRead || this.#around.stop.isRequested;
  }

  async #begin(fetcher: Fetcher): Promise<void> {
    const { log } = this.#cluster;
    const { name } = this.#topic;
    const ranges = await log.offsets(
      this.#partitions().map((partition) => ({ topic: name, partition })),
    );
    const starts = await firstOffsets(this.#options.from, ranges, log);
    for (const [index, range] of ranges.entries()) {
      this.#open(fetcher, range, starts[index] ?? range.start);
    }
  }

  #open(fetcher: Fetcher, range: OffsetRange, start: number): void {
    if (!this.#options.isFollowing && start >= range.stableEnd) return;
    this.#ends.set(range.partition, range.stableEnd);
    fetcher.seek({ topic: range.topic, partition: range.partition }, start);
  }

  #partitions(): readonly number[] {
    const { partition } = this.#options;
    const { name, partitions } = this.#topic;
    if (partition === undefined) return Array.from({ length: partitions }, (_, each) => each);
    if (partition < partitions) return [partition];
    return refuse(`topic "${name}" has no partition ${partition}`, `use 0 to ${partitions - 1}`);
  }

  async #print(batch: FetchedBatch, fetcher: Fetcher): Promise<void> {
    const { isFollowing } = this.#options;
    const { topic, partition } = batch;
    const end = isFollowing ? Number.POSITIVE_INFINITY : (this.#ends.get(partition) ?? 0);
    const cursor = batch.cursor();
    while (!this.#isDone && cursor.next() && cursor.offset < end) {
      // The workers' own, between the records of a repartition topic.
      if (readTimeMarker(cursor) !== undefined) continue;
      const { offset } = cursor;
      try {
        const json = this.#topic;
        const line = await learning(json, () => json.line(cursor, { partition }));
        this.#isRead = await this.#around.print(`${line}\n`);
      } catch (cause) {
        if (!(cause instanceof StreamgenError) || isOfAllRecords(cause)) throw cause;
        this.#tell(cause, { topic, partition, offset });
      }
      this.#printed++;
    }
    if (!isFollowing && batch.nextOffset >= end) {
      this.#ends.delete(partition);
      fetcher.remove({ topic, partition });
    }
  }

  #tell(
    cause: StreamgenError,
    place: Required<Pick<ErrorPlace, "topic" | "partition" | "offset">>,
  ): void {
    const { note, now } = this.#around;
    const { topic, partition, offset } = place;
    const text = `error ${cause.code}: ${topic}/${partition} offset ${offset}: ${reasonOf(cause)}\n`;
    note(this.#options.isJson ? failureJson(cause.at(place), now()) : text);
  }
}

/** Without the registry no record can be decoded: it is no record's fault. */
function isOfAllRecords(cause: StreamgenError): boolean {
  const { access, away, nonsense, redirect } = registryCode;
  return isRegistryError(cause, access, away, nonsense, redirect);
}
