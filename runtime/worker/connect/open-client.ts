import { systemClock } from "../../clock.ts";
import type { ClientSettings } from "../outside/client-settings.ts";
import { type Environment, resolveSettings } from "../settings/settings.ts";
import type { WorkerConfig } from "../spec.ts";
import { openLog } from "./open-log.ts";
import { registryOf } from "./open-registry.ts";

/** What generated `client.ts` asks for, on Kafka. */
export interface Client extends ClientSettings {
  close(): Promise<void>;
}

/**
 * Opens the Kafka cluster and the registry that the workers use, for a program that is none of them.
 * `config` is the generated one; the environment beats it as it does for a worker. Nothing is sent yet.
 * Throws SG8002 and SG8005 for settings that are wrong or missing, SG8101 to SG8103 for secrets and files.
 */
export async function openClient(
  config: WorkerConfig,
  { env = process.env }: { readonly env?: Environment } = {},
): Promise<Client> {
  const settings = resolveSettings({ config }, { env });
  const registry = registryOf(settings);
  const log = await openLog(settings);
  return {
    log,
    now: systemClock.now,
    config,
    env,
    ...(registry !== undefined && { registry }),
    close: () => log.close(),
  };
}
