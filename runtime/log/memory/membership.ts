import type { Subscribed, TopicPartition } from "../log.ts";
import { partitionKey } from "../partition-key.ts";

/** When its owner last showed a sign of life. It outlasts a membership: who is expelled joins again. */
export class Pulse {
  #calls = 0;
  #heardAt: number;

  constructor(now: number) {
    this.#heardAt = now;
  }

  /** The owner lives while it is inside a call, as Kafka's clients beat in the background. */
  callBegins(now: number): void {
    this.#calls++;
    this.#heardAt = now;
  }

  callEnds(now: number): void {
    this.#calls = Math.max(0, this.#calls - 1);
    this.#heardAt = now;
  }

  /** The owner is gone: no call of it will ever end. */
  stops(now: number): void {
    this.#calls = 0;
    this.#heardAt = now;
  }

  /** When its silence is longer than `timeoutMs`. */
  silentAt(timeoutMs: number): number {
    return this.#calls > 0 ? Number.POSITIVE_INFINITY : this.#heardAt + timeoutMs;
  }
}

export interface JoinRequest extends Subscribed {
  /** Whose member it is; part of its id. */
  readonly client: string;
  readonly instanceId?: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly pulse: Pulse;
}

/** A member as its group sees it. */
export class Membership {
  readonly id: string;
  request: JoinRequest;
  /** The generation that it has come to; its commits must name it. */
  generation = -1;
  /** What it is to have, in order. */
  target: readonly TopicPartition[] = [];
  /** Why it is no member any more. */
  ending: "left" | "expelled" | "replaced" | undefined;
  /** Its commits of offsets that the log has not answered yet. */
  commitsUnderWay = 0;
  readonly #owned = new Map<string, TopicPartition>();
  #revokedAt = Number.POSITIVE_INFINITY;

  constructor(id: string, request: JoinRequest) {
    this.id = id;
    this.request = request;
  }

  get owned(): readonly TopicPartition[] {
    return [...this.#owned.values()];
  }

  /** What it still has and is not to have. */
  get revoked(): readonly TopicPartition[] {
    const target = new Set(this.target.map(partitionKey));
    return this.owned.filter((partition) => !target.has(partitionKey(partition)));
  }

  owns(partition: TopicPartition): boolean {
    return this.#owned.has(partitionKey(partition));
  }

  take(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#owned.set(partitionKey(partition), partition);
  }

  release(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#owned.delete(partitionKey(partition));
    if (this.revoked.length === 0) this.#revokedAt = Number.POSITIVE_INFINITY;
  }

  setTarget(target: readonly TopicPartition[], now: number): void {
    this.target = target;
    const isRevoked = this.revoked.length > 0;
    this.#revokedAt = isRevoked ? Math.min(this.#revokedAt, now) : Number.POSITIVE_INFINITY;
  }

  hasSameTopics(other: Membership): boolean {
    const text = ({ topics, copartitioned }: JoinRequest): string =>
      JSON.stringify([topics, copartitioned]);
    return text(this.request) === text(other.request);
  }

  /** When it is expelled unless something happens. */
  get deadline(): number {
    const { pulse, sessionTimeoutMs, rebalanceTimeoutMs } = this.request;
    return Math.min(pulse.silentAt(sessionTimeoutMs), this.#revokedAt + rebalanceTimeoutMs);
  }

  end(why: "left" | "expelled" | "replaced"): void {
    this.ending = why;
    this.#owned.clear();
  }
}
