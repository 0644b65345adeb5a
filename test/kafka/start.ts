/**
 * Starts a cluster for whoever works by hand: `npx tsx test/kafka/start.ts [--brokers 3] [--registry]
 * [--describe <file>]`. It runs until Ctrl-C; with `--until-input-ends`, until its standard input ends.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startKafka } from "./broker.ts";
import { noKafka } from "./jars.ts";
import { startRegistry } from "./registry.ts";
import type { Servers } from "./shared.ts";

const { values } = parseArgs({
  options: {
    brokers: { type: "string", default: "1" },
    registry: { type: "boolean", default: false },
    describe: { type: "string" },
    "until-input-ends": { type: "boolean", default: false },
  },
});
const missing = noKafka();
if (missing !== undefined) {
  console.error(missing);
  process.exit(3);
}
const [kafka, registry] = await Promise.all([
  startKafka({ brokers: values.brokers === "3" ? 3 : 1 }),
  values.registry ? startRegistry() : undefined,
]);
if (values.describe !== undefined) {
  const { bootstrap, doors, behindProxy, certificates, users } = kafka;
  const access: Servers = { bootstrap, doors, behindProxy, certificates, users };
  const servers = registry === undefined ? access : { ...access, registry: registry.url };
  writeFileSync(values.describe, JSON.stringify(servers));
}
console.log(kafka.bootstrap.join(","));
if (registry !== undefined) console.log(registry.url);
const stop = (): void => {
  void Promise.all([kafka.stop(), registry?.stop()]).then(() => process.exit(0));
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
if (values["until-input-ends"]) process.stdin.once("end", stop).resume();
else setInterval(() => undefined, 60_000);
