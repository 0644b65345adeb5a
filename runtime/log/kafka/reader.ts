import { logCode, logError } from "../codes.ts";
import type { FetchedBatch, TopicPartition } from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import { Signal } from "../signal.ts";
import { Refusal, refusalError, refuse } from "./broker-errors.ts";
import { byTopic } from "./by-topic.ts";
import { type Cluster, isPassing } from "./cluster.ts";
import { decodeFetch, type FetchAnswer, type FetchedPartition } from "./fetch-answer.ts";
import type { Link } from "./link.ts";
import { partitionShare } from "./options.ts";
import { Position } from "./position.ts";
import { visibleBatches } from "./visible-batches.ts";

const outOfRange = 1;
const unknownTopic = 3;
/** How long a partition may be unknown before a poll is told. */
const unknownMs = 5_000;
const pauseMs = 200;

type Lane = 0 | 1;

/** One node, with connections of this reader's own. */
interface Source {
  readonly link: Promise<Link>;
  /** Requests on their way: a second one goes out beside one that waits at the broker. */
  readonly busy: Set<Lane>;
}

/**
 * A reader's positions, and the requests that read on. While somebody polls, each partition that has
 * nothing ready is asked for; what was fetched and not taken is bounded.
 */
export class Reader {
  readonly #cluster: Cluster;
  /** Told when something is ready, sought, resumed or closed. */
  readonly changed: Signal;
  readonly #positions = new Map<string, Position>();
  readonly #paused = new Set<string>();
  readonly #sources = new Map<number, Source>();
  /** Where the next request and poll begin, so that each partition is the first one in turn. */
  #turn = 0;
  #isWanted = false;
  #isFinding = false;
  #isClosed = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.changed = new Signal(cluster.options.clock);
  }

  seek(place: TopicPartition, offset: number): void {
    this.#positions.set(partitionKey(place), new Position(place, offset));
    this.#wake();
  }

  remove(place: TopicPartition): void {
    const key = partitionKey(place);
    this.#positions.delete(key);
    this.#paused.delete(key);
  }

  setPaused(place: TopicPartition, isPaused: boolean): void {
    const key = partitionKey(place);
    if (isPaused) this.#paused.add(key);
    else this.#paused.delete(key);
    if (!isPaused) this.#wake();
  }

  /** What is ready; asks for more. */
  take(): readonly FetchedBatch[] {
    const active = this.#active();
    // Before anything moves, so that an error costs no other partition its records.
    for (const position of active) throwError(position);
    const batches: FetchedBatch[] = [];
    let left = this.#cluster.options.pollMaxBytes;
    for (const position of active) {
      if (left <= 0) break;
      left -= position.readyBytes;
      const batch = position.take();
      if (batch !== undefined) batches.push(batch);
    }
    if (batches.length > 0) this.#turn++;
    this.#ask();
    return batches;
  }

  /** Waits for `changed`, until `deadline`. */
  async wait(deadline: number): Promise<void> {
    this.#isWanted = true;
    await this.changed.wait(deadline);
    this.#isWanted = false;
  }

  close(): void {
    this.#isClosed = true;
    this.#positions.clear();
    for (const { link } of this.#sources.values()) {
      void link.then((one) => one.close()).catch(() => undefined);
    }
    this.changed.notify();
  }

  #wake(): void {
    this.changed.notify();
    if (this.#isWanted) this.#ask();
  }

  #active(): readonly Position[] {
    const all = [...this.#positions].flatMap(([key, position]) =>
      this.#paused.has(key) ? [] : [position],
    );
    const first = all.length === 0 ? 0 : this.#turn % all.length;
    return [...all.slice(first), ...all.slice(0, first)];
  }

  /** Sends requests for what is wanted and not asked for yet. */
  #ask(): void {
    if (this.#isClosed) return;
    const active = this.#active();
    if (!this.#hasRoom(active)) return;
    const now = this.#cluster.options.clock.now();
    const idle = active.filter((position) => position.isWaiting(now));
    const positionsByNode = new Map<number, Position[]>();
    const homeless: Position[] = [];
    for (const position of idle) {
      const node = this.#cluster.knownLeader(position.place);
      if (node === undefined || node < 0) homeless.push(position);
      else positionsByNode.set(node, [...(positionsByNode.get(node) ?? []), position]);
    }
    if (homeless.length > 0 && !this.#isFinding) void this.#find(homeless);
    for (const [node, positions] of positionsByNode) this.#askNode(node, positions);
  }

  /** Whether more may be fetched. What paused partitions have ready is dropped before it is in the way. */
  #hasRoom(active: readonly Position[]): boolean {
    const { pollMaxBytes } = this.#cluster.options;
    const all = [...this.#positions.values()];
    if (sizeOf(all) < pollMaxBytes) return true;
    for (const position of all) if (!active.includes(position)) position.drop();
    return sizeOf(active) < pollMaxBytes;
  }

  /** Finds out who leads partitions. */
  async #find(positions: readonly Position[]): Promise<void> {
    this.#isFinding = true;
    try {
      const topics = await this.#cluster.topics([
        ...new Set(positions.map(({ place }) => place.topic)),
      ]);
      for (const position of positions) {
        const leader = topics.get(position.place.topic)?.leaders[position.place.partition];
        if (leader === undefined) this.#fail([position], new Refusal(unknownTopic, position.place));
        else if (leader < 0) this.#fail([position], new Refusal(5, position.place));
      }
    } catch (error) {
      this.#fail(positions, error);
    } finally {
      this.#isFinding = false;
    }
    this.#goOn();
  }

  #askNode(node: number, positions: readonly Position[]): void {
    const source = this.#sources.get(node) ?? { link: this.#cluster.dial(node), busy: new Set() };
    this.#sources.set(node, source);
    const lane = ([0, 1] as const).find((one) => !source.busy.has(one));
    if (lane === undefined) return;
    source.busy.add(lane);
    for (const position of positions) position.isAsked = true;
    void this.#fetch(source, lane, positions).then((isFine) => {
      source.busy.delete(lane);
      for (const position of positions) position.isAsked = false;
      if (!isFine) this.#drop(node, source);
      this.#goOn();
    });
  }

  /** The next request goes by new connections, to where the node is by then. */
  #drop(node: number, source: Source): void {
    if (this.#sources.get(node) === source) this.#sources.delete(node);
    void source.link.then((link) => link.close()).catch(() => undefined);
  }

  /** Whether the broker has answered. */
  async #fetch(source: Source, lane: Lane, positions: readonly Position[]): Promise<boolean> {
    try {
      const { partitions } = await this.#request(await source.link, lane, positions);
      const byKey = new Map(positions.map((position) => [partitionKey(position.place), position]));
      for (const partition of partitions) {
        const position = byKey.get(partitionKey(partition));
        if (position !== undefined) await this.#accept(position, partition);
      }
      return true;
    } catch (error) {
      if (this.#isClosed) return true;
      this.#cluster.forget();
      this.#fail(positions, error);
      return false;
    }
  }

  async #request(link: Link, lane: Lane, positions: readonly Position[]): Promise<FetchAnswer> {
    const { fetchWaitMs, pollMaxBytes } = this.#cluster.options;
    const maxBytes = partitionShare(this.#cluster.options, this.#positions.size);
    const mayWait = positions.every(({ isIdle }) => isIdle);
    const protocol = await link.protocol("Fetch", {
      maxWaitTime: mayWait ? fetchWaitMs : 0,
      minBytes: 1,
      maxBytes: pollMaxBytes,
      topics: byTopic(
        positions.map(({ place, offset }) => ({ ...place, offset })),
        ({ partition, offset }) => ({ partition, fetchOffset: String(offset), maxBytes }),
      ),
    });
    const { request, requestTimeout = 0 } = protocol;
    const answer = await link.send<FetchAnswer>(
      {
        request,
        requestTimeout,
        response: {
          decode: async (bytes) => decodeFetch(bytes),
          parse: (parsed) => Promise.resolve(parsed),
        },
      },
      lane,
    );
    refuse(answer.errorCode);
    return answer;
  }

  async #accept(position: Position, fetched: FetchedPartition): Promise<void> {
    const { errorCode, lastStableOffset } = fetched;
    const { topic, partition } = position.place;
    const place = { topic, partition, offset: position.offset };
    if (errorCode === 0) {
      try {
        position.fetched(await visibleBatches(fetched, position.offset), lastStableOffset);
      } catch (error) {
        position.error = error instanceof Error ? error : new Error("unknown", { cause: error });
      }
    } else if (errorCode === outOfRange) {
      const message = `${topic}/${partition} does not hold offset ${position.offset}`;
      position.error = logError(logCode.outOfRange, message, place);
    } else {
      const refusal = new Refusal(errorCode, place);
      if (refusal.again !== undefined) this.#cluster.forget();
      this.#fail([position], refusal);
    }
  }

  /** What passes by itself is told to a poll only when it has lasted. */
  #fail(positions: readonly Position[], cause: unknown): void {
    const { clock, callTimeoutMs } = this.#cluster.options;
    const now = clock.now();
    const isUnknown = cause instanceof Refusal && cause.number === unknownTopic;
    const patienceMs = isUnknown ? Math.min(unknownMs, callTimeoutMs) : callTimeoutMs;
    for (const position of positions) {
      const { topic, partition } = position.place;
      const what = `reading ${topic}/${partition}`;
      const error = cause instanceof Refusal ? refusalError(cause, what) : cause;
      const known = error instanceof Error ? error : new Error("unknown", { cause: error });
      if (!isPassing(cause)) position.error = known;
      position.failingSince ??= now;
      position.retryAt = now + pauseMs;
      if (now - position.failingSince < patienceMs) continue;
      position.trouble = known;
      position.failingSince = now;
    }
    clock.timer(pauseMs, () => this.#goOn());
  }

  /** Wakes who polls, and asks for more. */
  #goOn(): void {
    this.changed.notify();
    if (this.#isWanted) this.#ask();
  }
}

const sizeOf = (positions: readonly Position[]): number =>
  positions.reduce((sum, position) => sum + position.readyBytes, 0);

function throwError(position: Position): void {
  const { error, trouble } = position;
  position.trouble = undefined;
  if (error !== undefined) throw error;
  if (trouble !== undefined) throw trouble;
}
