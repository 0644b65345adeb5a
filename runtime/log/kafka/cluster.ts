import type { StreamgenError } from "../../errors.ts";
import { isLogError, logCode, logError } from "../codes.ts";
import type { TopicPartition } from "../log.ts";
import { type Address, parseAddress, showAddress } from "./address.ts";
import type { Apis } from "./apis.ts";
import { Refusal, refusalError, refuse } from "./broker-errors.ts";
import { anyTopic, attempt, firstLink } from "./first-link.ts";
import { kafkajsLogger, Link, type LinkContext } from "./link.ts";
import { misnamed } from "./network-errors.ts";
import type { ResolvedOptions } from "./options.ts";
import type { KafkaSettings } from "./settings.ts";

/** How long a topic may be unknown to the broker asked before it counts as missing. */
const unknownMs = 1_000;
const pauseFirstMs = 20;
const pauseMaxMs = 1_000;

export type CoordinatorKind = "group" | "transaction";

interface TopicMetadata {
  /** The node that leads each partition. */
  readonly leaders: readonly number[];
  readonly replicas: number;
}

/** The brokers of a cluster, who leads and coordinates what, and the connections that calls share. */
export class Cluster {
  readonly options: ResolvedOptions;
  readonly #context: LinkContext;
  readonly #bootstrap: readonly Address[];
  readonly #addresses = new Map<number, Address>();
  readonly #links = new Map<number, Link>();
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #coordinators = new Map<string, number>();
  #controller = -1;
  #hasConnected = false;
  #isClosed = false;

  /** Throws SG6025 for a bootstrap that names no broker, SG6024 for a password in the clear. */
  constructor(settings: KafkaSettings, options: ResolvedOptions) {
    this.options = options;
    this.#context = { settings, options, logger: kafkajsLogger(options.onEvent) };
    this.#bootstrap = settings.bootstrap.map(parseAddress);
    if (this.#bootstrap.length === 0) throw logError(logCode.address, "no Kafka broker is named");
    // Their settings are looked at before anything connects.
    for (const address of this.#bootstrap) new Link(address, this.#context).close();
  }

  /** Connections of their owner's own, to be closed by it. */
  async dial(node: number): Promise<Link> {
    return new Link(await this.#addressOf(node), this.#context);
  }

  async call<Name extends keyof Apis>(
    node: number,
    name: Name,
    request: Apis[Name]["request"],
  ): Promise<Apis[Name]["answer"]> {
    return (await this.link(node)).call(name, request);
  }

  /** The connections to a node that all callers share. */
  async link(node: number): Promise<Link> {
    const known = this.#links.get(node);
    if (known !== undefined) return known;
    const address = await this.#addressOf(node);
    const link = this.#links.get(node) ?? new Link(address, this.#context);
    this.#links.set(node, link);
    return link;
  }

  /**
   * Makes a call until it succeeds, fails for good, or `callTimeoutMs` is over; then SG6011 where an
   * attempt was not answered, otherwise SG6012. Each attempt finds leaders and coordinators anew.
   * `what` is the call in words, such as `reading orders/3`.
   */
  async persist<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { clock, callTimeoutMs } = this.options;
    const begun = clock.now();
    let isUnanswered = false;
    for (let pauseMs = pauseFirstMs; ; pauseMs = Math.min(pauseMs * 2, pauseMaxMs)) {
      try {
        return await attempt();
      } catch (error) {
        isUnanswered ||= isLogError(error, logCode.unanswered);
        const patienceMs = isUnknownTopic(error) ? unknownMs : callTimeoutMs;
        const isOver = clock.now() + pauseMs - begun > patienceMs || this.#isClosed;
        if (isOver || !this.#mayRepeat(error)) throw settle(error, what, isUnanswered);
      }
      await clock.sleep(pauseMs);
    }
  }

  /** The node that leads a partition, as far as it is known. */
  knownLeader({ topic, partition }: TopicPartition): number | undefined {
    return this.#topics.get(topic)?.leaders[partition];
  }

  /** The node that leads a partition. */
  async leader(place: TopicPartition): Promise<number> {
    const { topic, partition } = place;
    const { leaders } = await this.topic(topic);
    const leader = leaders[partition];
    if (leader === undefined) throw new Refusal(3, { topic, partition });
    if (leader < 0) throw new Refusal(5, { topic, partition });
    return leader;
  }

  async topic(name: string): Promise<TopicMetadata> {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const found = (await this.topics([name])).get(name);
    if (found === undefined) throw new Refusal(3, { topic: name });
    return found;
  }

  /** The topics that there are, but for those that are Kafka's own. */
  async topicNames(): Promise<readonly string[]> {
    const answer = await (await this.#anyLink()).call("Metadata", {
      topics: [],
      allowAutoTopicCreation: false,
    });
    return answer.topicMetadata.flatMap(({ topic, topicErrorCode, isInternal }) =>
      topicErrorCode === 0 && !isInternal ? [topic] : [],
    );
  }

  /** Asks anew; topics that do not exist are left out. */
  async topics(names: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const link = await this.#anyLink();
    const answer = await link.call("Metadata", {
      topics: names.length === 0 ? [anyTopic] : names,
      allowAutoTopicCreation: false,
    });
    this.#learn(link, answer);
    const found = new Map<string, TopicMetadata>();
    for (const { topic, topicErrorCode, partitionMetadata } of answer.topicMetadata) {
      this.#topics.delete(topic);
      if (topicErrorCode === 3 || topicErrorCode === 17) continue;
      refuse(topicErrorCode, { topic });
      const leaders = Array.from({ length: partitionMetadata.length }, () => -1);
      for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
      const replicas = partitionMetadata[0]?.replicas.length ?? 0;
      found.set(topic, { leaders, replicas });
      this.#topics.set(topic, { leaders, replicas });
    }
    return found;
  }

  /** Makes a call to a broker that answers, the one that was asked about topics if it still does. */
  async callAny<Name extends keyof Apis>(
    name: Name,
    request: Apis[Name]["request"],
  ): Promise<Apis[Name]["answer"]> {
    return (await this.#anyLink()).call(name, request);
  }

  /** The brokers that are known. */
  get nodes(): readonly number[] {
    return [...this.#addresses.keys()];
  }

  async controller(): Promise<number> {
    if (!this.#addresses.has(this.#controller)) await this.topics([]);
    if (!this.#addresses.has(this.#controller)) throw new Refusal(41);
    return this.#controller;
  }

  async coordinator(kind: CoordinatorKind, name: string): Promise<number> {
    const key = `${kind} ${name}`;
    const known = this.#coordinators.get(key);
    if (known !== undefined) return known;
    // The first connection is one of those that are kept once the brokers are known.
    if (this.#addresses.size === 0) await this.topics([]);
    const link = await this.#anyLink();
    const answer = await link.call("GroupCoordinator", {
      groupId: name,
      coordinatorType: kind === "group" ? 0 : 1,
    });
    refuse(answer.errorCode);
    const { nodeId, host, port } = answer.coordinator;
    this.#place(nodeId, { host, port });
    this.#coordinators.set(key, nodeId);
    return nodeId;
  }

  /** What is known of leaders and coordinators is looked up again when it is needed. */
  forget(): void {
    this.#topics.clear();
    this.#coordinators.clear();
    this.#controller = -1;
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #mayRepeat(error: unknown): boolean {
    const isLater = error instanceof Refusal && error.again === "later";
    if (!isPassing(error)) return false;
    if (!isLater) this.forget();
    return true;
  }

  async #addressOf(node: number): Promise<Address> {
    if (!this.#addresses.has(node)) await this.topics([]);
    const address = this.#addresses.get(node);
    if (address === undefined) throw new Refusal(8);
    return address;
  }

  /** A node that moved gets new connections. */
  #place(node: number, address: Address): void {
    this.#addresses.set(node, address);
    const link = this.#links.get(node);
    if (link === undefined || showAddress(link.address) === showAddress(address)) return;
    link.close();
    this.#links.delete(node);
  }

  #forgetNode(node: number): void {
    this.#addresses.delete(node);
    this.#links.get(node)?.close();
    this.#links.delete(node);
  }

  #learn(source: Link, { brokers, controllerId }: Apis["Metadata"]["answer"]): void {
    const nodes = new Set(brokers.map(({ nodeId }) => nodeId));
    for (const node of this.nodes) if (!nodes.has(node)) this.#forgetNode(node);
    for (const { nodeId, host, port } of brokers) this.#place(nodeId, { host, port });
    this.#controller = controllerId;
    if ([...this.#links.values()].includes(source)) return;
    // The connection that asked may be one to a broker that is known by its number now.
    const own = brokers.find((one) => showAddress(one) === showAddress(source.address));
    if (own === undefined || this.#links.has(own.nodeId)) source.close();
    else this.#links.set(own.nodeId, source);
  }

  /** Connections to any broker: one that is there, one that is known, or one that the first ones know. */
  async #anyLink(): Promise<Link> {
    const { clock, connectTimeoutMs } = this.options;
    const begun = clock.now();
    let known = await this.#knownLink([]);
    while (known === undefined) {
      const first = await firstLink(this.#context, this.#bootstrap, this.#hasConnected);
      this.#learn(first.link, first.metadata);
      const failures: StreamgenError[] = [];
      known = await this.#knownLink(failures);
      // A cluster that is just starting does not know all of its brokers yet.
      const isOver = this.#hasConnected || clock.now() - begun > connectTimeoutMs / 2;
      if (known === undefined && isOver) {
        throw misnamed([...this.#addresses.values()], failures, this.#hasConnected);
      }
      if (known === undefined) await clock.sleep(pauseMaxMs / 2);
    }
    this.#hasConnected = true;
    return known;
  }

  async #knownLink(failures: StreamgenError[]): Promise<Link | undefined> {
    if (this.#isClosed) throw logError(logCode.misuse, "the log is closed");
    const open = [...this.#links.values()].find((link) => link.isConnected);
    if (open !== undefined) return open;
    for (const node of this.nodes) {
      const link = await this.link(node);
      const connected = await attempt(() => link.connect().then(() => link), failures);
      if (connected !== undefined) return connected;
    }
    return undefined;
  }
}

/** Whether the error may go away by itself. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Refusal) return error.again !== undefined;
  return isLogError(error, logCode.unanswered, logCode.unavailable);
}

const isUnknownTopic = (error: unknown): boolean => error instanceof Refusal && error.number === 3;

/** The error that ends a call. */
function settle(error: unknown, what: string, isUnanswered: boolean): unknown {
  const known = error instanceof Refusal ? refusalError(error, what) : error;
  const mayHaveHappened = isUnanswered && isLogError(known, logCode.unavailable);
  if (mayHaveHappened)
    return logError(logCode.unanswered, `${what}: ${known.message}`, known.place);
  return known;
}
