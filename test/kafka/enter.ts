import { type KafkaLogOptions, kafkaLog } from "../../runtime/log/kafka/index.ts";
import type { KafkaSettings } from "../../runtime/log/kafka/settings.ts";
import type { Log } from "../../runtime/log/log.ts";
import { Driver } from "../runtime/log/contract/driver.ts";
import type { Door, KafkaAccess } from "./access.ts";
import { uniqueName } from "./shared.ts";

/** How a client that the door is for comes in; `more` wins. */
export function settingsFor(
  kafka: KafkaAccess,
  door: Door,
  more: Partial<KafkaSettings> = {},
): KafkaSettings {
  const { ca, client } = kafka.certificates;
  const settings: KafkaSettings = { bootstrap: kafka.doors[door], clientId: "test" };
  if (door === "mutualTls") return { ...settings, tls: { ca, ...client }, ...more };
  const isEncrypted = door === "tls" || door === "misnamedTls" || door === "saslTls";
  return { ...settings, ...(isEncrypted && { tls: { ca } }), ...more };
}

/** Runs with a log, and closes it and all that the driver has connected: a failure leaves nothing. */
export async function withLog<T>(
  settings: KafkaSettings,
  body: (driver: Driver) => Promise<T>,
  options: KafkaLogOptions = {},
): Promise<T> {
  const logs: Log[] = [];
  const connect = () => {
    const log = kafkaLog(settings, options);
    logs.push(log);
    return log;
  };
  const log = connect();
  const close = async () => {
    await Promise.all(logs.map((one) => one.close()));
  };
  const driver = new Driver({ log, connect, pollMs: 100, unique: uniqueName, close });
  try {
    return await body(driver);
  } finally {
    await close();
  }
}
