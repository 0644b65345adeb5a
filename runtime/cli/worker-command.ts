import { memoryLog } from "../log/memory-log.ts";
import { settingTable } from "../worker/settings/setting-table.ts";
import { resolveSettings } from "../worker/settings/settings.ts";
import type { Invocation } from "./arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import { runEmbedded } from "./run-embedded.ts";
import { runWorker } from "./run-worker.ts";
import type { CreateWorker, Surroundings } from "./surroundings.ts";
import { workerFlags } from "./worker-flags.ts";

/** The worker on the log that the flags name: the embedded one, or the cluster's. */
export async function runAsFlagsSay(
  createWorker: CreateWorker,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const flags = workerFlags(invocation);
  const { embedded, settings } = flags;
  const isEmbedded =
    embedded === "always" ||
    (embedded === "by-default" && !namesBrokers(createWorker, settings, around.env));
  return isEmbedded
    ? runEmbedded(createWorker, flags, around)
    : runWorker(createWorker, flags, around);
}

/** Whether anybody says where brokers are, if only wrongly. */
function namesBrokers(
  createWorker: CreateWorker,
  flags: Readonly<Record<string, string>>,
  env: Surroundings["env"],
): boolean {
  const { bootstrap } = settingTable;
  if (flags[bootstrap.flag ?? ""] !== undefined || env[bootstrap.variable] !== undefined)
    return true;
  // What connections need may be missing here: the embedded log needs none.
  const { spec } = createWorker({ env, flags, log: memoryLog() });
  return resolveSettings(spec, { env, flags, isEmbedded: true }).kafka !== undefined;
}
