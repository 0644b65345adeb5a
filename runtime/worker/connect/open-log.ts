import { type Clock, systemClock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { Log } from "../../log/log.ts";
import type { WorkerThread } from "../contract.ts";
import type { Logger } from "../scope.ts";
import type { Settings } from "../settings/settings.ts";
import { kafkaConnection } from "./kafka-connection.ts";

/** For a process; threads share it. */
const fetchMaxBytes = 32 * 1024 * 1024;

export interface OpenLogOptions {
  readonly clock?: Clock;
  /** Which thread of how many: they share the memory. */
  readonly thread?: WorkerThread;
  /** Hears of connections that break and come back, at the level `debug`. */
  readonly logger?: Logger;
}

/**
 * The Kafka cluster of the settings; the caller closes it. Nothing is sent yet. Throws SG8005 where
 * nobody says where the cluster is, and SG8101 to SG8103 where it cannot be asked safely.
 */
export async function openLog(settings: Settings, options: OpenLogOptions = {}): Promise<Log> {
  const { app, kafka } = settings;
  if (kafka === undefined) throw noCluster();
  const { clock = systemClock, logger, thread } = options;
  const connection = kafkaConnection(kafka, { clientId: app, clock });
  // Whoever stays on the embedded log does not wait for kafkajs to be loaded.
  const { kafkaLog } = await import("../../log/kafka/index.ts");
  return kafkaLog(connection, {
    clock,
    fetchMaxBytes: Math.floor(fetchMaxBytes / (thread?.of ?? 1)),
    onEvent({ message, broker, level }) {
      const fields = broker === undefined ? { level } : { level, broker };
      logger?.debug(`kafkajs: ${message}`, fields);
    },
  });
}

/** SG8005, with the ways out. */
export function noCluster(): StreamgenError {
  return new StreamgenError(
    "SG8005",
    "nobody says where the Kafka cluster is: set kafka.bootstrap in streamgen.config.ts, " +
      "STREAMGEN_BOOTSTRAP or --bootstrap, or use the embedded log with --embedded",
  );
}
