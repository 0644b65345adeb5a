import { type Clock, systemClock } from "../../clock.ts";

/** What kafkajs has to say about its connections. */
export interface KafkaLogEvent {
  readonly level: "error" | "warning" | "information";
  readonly message: string;
  /** `host:port`, where it is about one broker. */
  readonly broker?: string;
}

export interface KafkaLogOptions {
  /** Without it nobody hears of connections that break and come back. */
  onEvent?(event: KafkaLogEvent): void;
  /** How long the first connection may take before SG6020; 10 s. */
  readonly connectTimeoutMs?: number;
  /** How long a broker may take for one answer before its connection is given up; 10 s. */
  readonly requestTimeoutMs?: number;
  /** How long a call is repeated before it fails with SG6011 or SG6012; 30 s. */
  readonly callTimeoutMs?: number;
  /** How often a member tells its group that it lives; 3 s, or a third of its session. */
  readonly heartbeatMs?: number;
  /** How long a fetch waits at the broker for something new; 500 ms. */
  readonly fetchWaitMs?: number;
  /** The most that one poll gives, larger only for one larger record; 8 MiB. */
  readonly pollMaxBytes?: number;
  /** What a reader's partitions may have fetched and not handled, all of them together; 32 MiB. */
  readonly fetchMaxBytes?: number;
  /** The most that is fetched from one partition at once; 1 MiB. */
  readonly partitionMaxBytes?: number;
  /** The wall clock without it. */
  readonly clock?: Clock;
}

export type ResolvedOptions = Required<Omit<KafkaLogOptions, "onEvent">> &
  Pick<KafkaLogOptions, "onEvent">;

export function resolveOptions(options: KafkaLogOptions): ResolvedOptions {
  return {
    connectTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    callTimeoutMs: 30_000,
    heartbeatMs: 3_000,
    fetchWaitMs: 500,
    pollMaxBytes: 8_388_608,
    fetchMaxBytes: 33_554_432,
    partitionMaxBytes: 1_048_576,
    clock: systemClock,
    ...options,
  };
}

/** Less would be no batch of most producers, and would cost more requests than it spares memory. */
const shareMinBytes = 65_536;

/**
 * What one of a reader's partitions may be asked for at once: each may have one answer ready and one
 * that its owner has not handled yet.
 */
export function partitionShare(
  {
    fetchMaxBytes,
    partitionMaxBytes,
  }: Pick<ResolvedOptions, "fetchMaxBytes" | "partitionMaxBytes">,
  partitions: number,
): number {
  const share = Math.floor(fetchMaxBytes / (2 * Math.max(1, partitions)));
  return Math.min(partitionMaxBytes, Math.max(shareMinBytes, share));
}
