import { randomUUID } from "node:crypto";
import { systemClock } from "../../clock.ts";
import { CacheBudget } from "../../state/cache/budget.ts";
import { Restorer } from "../../state/restorer.ts";
import { openConnections } from "../connect/connections.ts";
import type { WorkerOptions } from "../contract.ts";
import { Outage } from "../outage/outage.ts";
import { steadyLog } from "../outage/steady-log.ts";
import { Asking } from "../rpc/asking.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { GlobalTables } from "../tables/global/global-tables.ts";
import { Views } from "../tables/views.ts";
import { hasPatterns, PatternNames } from "../topics/pattern-names.ts";
import { Patterns } from "../topics/patterns.ts";
import { prepareTopics } from "../topics/topics.ts";
import { idlePartitionMs, timedTopics } from "../upstream/open-upstream.ts";
import { futureSkewMaxMs } from "../windows/stream-time.ts";
import { jsonLogger } from "./json-logger.ts";
import { introduceTopics } from "./registry-for.ts";
import { Resources } from "./resources.ts";
import type { Services } from "./services.ts";
import type { Signals } from "./signals.ts";

const inputWaitMaxMs = 1000;
const settleMaxMs = 10_000;

/** What is there before the log has answered. */
export interface Opening {
  /** Ends what is waited for. */
  readonly outage: Outage;
  /** Closes the stores and what was opened here, and gives what went wrong. */
  close(): Promise<readonly unknown[]>;
}

export interface ServicesPort {
  readonly settings: Settings;
  readonly signals: Signals;
  readonly failed: (error: unknown) => void;
  /** Called before anything is waited for. Whoever is called closes it, also where opening fails. */
  readonly opening: (opening: Opening) => void;
}

/** Connects to what the options or the settings name, and makes the topics that are missing. */
export async function openServices(
  spec: PipelineSpec,
  options: WorkerOptions,
  { settings, signals, failed, opening }: ServicesPort,
): Promise<Services> {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? jsonLogger(clock.now, (line) => void process.stderr.write(line));
  const connections = await openConnections({ spec, settings, options, clock, logger });
  const globals = new GlobalTables(spec.globals ?? []);
  let asking: Asking | undefined;
  const close = async (): Promise<readonly unknown[]> => {
    await asking?.close().catch(() => undefined);
    // Its rows are in the stores, and it reads the log.
    const [global] = await Promise.allSettled([globals.close()]);
    const closing = [connections.stores.close(), connections.close()];
    const closed = [global, ...(await Promise.allSettled(closing))];
    return closed.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  };
  const outage = new Outage(clock, logger);
  opening({ outage, close });
  const log = steadyLog(connections.log, { clock, outage });
  const topics = await prepareTopics(log, spec, settings, { logger });
  const patterns = hasPatterns(spec)
    ? new Patterns(log, new PatternNames(spec, settings), topics)
    : undefined;
  introduceTopics(connections.registry, spec.topics, topics.nameOf);
  asking = new Asking({
    ...{ log, clock, waits: { clock, outage }, logger, failed },
    id: randomUUID(),
    timeoutMs: spec.config.askTimeoutMs,
    find: ({ name }) => ({
      name: topics.nameOf(name),
      partitions: topics.partitionsOf(name),
      recordMaxBytes: topics.recordMaxBytesOf(name),
    }),
    count: (name) => signals.count(name),
  });
  return {
    asking,
    log,
    clock,
    random: options.random ?? Math.random,
    outage,
    topics,
    ...(patterns !== undefined && { patterns }),
    logger,
    registry: connections.registry,
    settings,
    resources: new Resources(),
    views: new Views(topics),
    globals,
    signals,
    stores: connections.stores,
    cache: new CacheBudget(settings.state.cacheBytes),
    restorer: new Restorer(log, clock.now),
    failed,
    inputWaitMaxMs: options.inputWaitMaxMs ?? inputWaitMaxMs,
    futureSkewMaxMs: options.futureSkewMaxMs ?? futureSkewMaxMs,
    idlePartitionMs: options.idlePartitionMs ?? idlePartitionMs,
    timedTopics: timedTopics(spec),
    settleMaxMs: options.settleMaxMs ?? settleMaxMs,
  };
}
