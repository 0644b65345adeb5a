import { existsSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../clock.ts";
import { kafkaConnection } from "../worker/connect/kafka-connection.ts";
import { noCluster, openLog } from "../worker/connect/open-log.ts";
import { registryOf } from "../worker/connect/open-registry.ts";
import type { Settings } from "../worker/settings/settings.ts";
import type { Cluster } from "./surroundings.ts";

/** Opens the Kafka cluster and the registry of the settings. Throws SG8005 where they name no cluster. */
export async function connectKafka(settings: Settings): Promise<Cluster> {
  const { app, kafka } = settings;
  if (kafka === undefined) throw noCluster();
  const log = await openLog(settings);
  return {
    log,
    registry: registryOf(settings),
    async admin() {
      const { kafkaAdmin } = await import("../log/kafka/index.ts");
      return kafkaAdmin(kafkaConnection(kafka, { clientId: app, clock: systemClock }));
    },
    close: () => log.close(),
  };
}

/** The folder with the app's tables; `undefined` where there is none on this machine. */
export function stateFolder({ state }: Settings): string | undefined {
  const folder = path.resolve(state.folder);
  const holdsTables = ["", "thread-1"].some((part) =>
    existsSync(path.join(folder, part, "CURRENT")),
  );
  return holdsTables ? folder : undefined;
}

/** Deletes the tables in a folder, those of all threads, and no other file. */
export async function removeState(folder: string): Promise<void> {
  const { removeTables } = await import("../state/rocksdb/remove-tables.ts");
  await removeTables(folder);
}
