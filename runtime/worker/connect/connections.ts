import type { Clock } from "../../clock.ts";
import type { SchemaRegistry } from "../../codec/registry.ts";
import { StreamgenError } from "../../errors.ts";
import type { Log } from "../../log/log.ts";
import { memoryStores } from "../../state/memory-store.ts";
import type { StoreEngine } from "../../state/store.ts";
import type { WorkerOptions } from "../contract.ts";
import type { Logger } from "../scope.ts";
import { registryFor } from "../services/registry-for.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { openLog } from "./open-log.ts";
import { registryOf } from "./open-registry.ts";
import { openStores } from "./open-stores.ts";

/** What a worker works on. */
export interface Connections {
  readonly log: Log;
  readonly registry: SchemaRegistry;
  readonly stores: StoreEngine;
  /** Closes the log, where it was opened here. The worker closes the stores. */
  close(): Promise<void>;
}

export interface ConnectionParts {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly options: WorkerOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes what the options give, and opens what they leave out: beside a log that is given, a registry and
 * stores in memory, otherwise what the settings say. Throws SG8044 for a log that cannot carry the
 * delivery, SG5060 where a registry is missing, and what opening throws.
 */
export async function openConnections(parts: ConnectionParts): Promise<Connections> {
  const { spec, settings, options, clock, logger } = parts;
  const isGiven = options.log !== undefined;
  const share = options.thread === undefined ? {} : { thread: options.thread };
  const log = options.log ?? (await openLog(settings, { clock, logger, ...share }));
  const close = async (): Promise<void> => {
    if (!isGiven) await log.close();
  };
  try {
    checkDelivery(settings, log);
    const configured = isGiven ? undefined : registryOf(settings, clock);
    const registry = registryFor(spec.topics, log, options.registry ?? configured);
    const stores =
      options.stores ??
      (isGiven ? memoryStores() : await openStores(spec, settings, { logger, ...share }));
    return { log, registry, stores, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Throws SG8044 before anything is begun on a log that would break what the settings promise. */
function checkDelivery({ delivery }: Settings, { notExactlyOnce }: Log): void {
  if (delivery !== "exactly-once" || notExactlyOnce === undefined) return;
  throw new StreamgenError(
    "SG8044",
    `delivery is "exactly-once", which this log cannot carry: ${notExactlyOnce}; ` +
      'set delivery to "at-least-once", such as by STREAMGEN_DELIVERY=at-least-once',
  );
}
