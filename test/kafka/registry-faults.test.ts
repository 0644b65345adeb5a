/** A worker's own program on Kafka whose schema registry is missing, wrong, away, or back again. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type Interference, modelRegistry, serveModelRegistry } from "@streamgen/runtime/registry";
import { Kafka, logLevel } from "kafkajs";
import {
  ForeignProgram,
  olderTransferSchema,
  transfer,
} from "../runtime/worker/foreign-program.ts";
import { copyPipeline } from "./pipeline.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const patienceMs = 120_000;

/** The pipeline of transfers under names of its own, in a folder of its own. */
function transfers(): { readonly folder: string; nameOf(topic: string): string } {
  const stem = uniqueName("bank");
  const folder = copyPipeline("readme-transfers");
  const config = path.join(folder, "generated/config.ts");
  const names = ["transfers", "entries", "balances", "excesses"].map(
    (topic) => `${topic}: { name: "${stem}-${topic}" }`,
  );
  const text = readFileSync(config, "utf8")
    .replace('app: "bank"', `app: "${stem}"`)
    .replace('delivery: "exactly-once"', 'delivery: "at-least-once"')
    .replace("topics: {}", `topics: { ${names.join(", ")} }`);
  writeFileSync(config, text);
  const tables = path.join(folder, "generated/tables.ts");
  const changelog = `"${stem}-balance-changelog"`;
  writeFileSync(
    tables,
    readFileSync(tables, "utf8").replace(/"bank-balance-changelog"/, changelog),
  );
  return { folder, nameOf: (topic) => `${stem}-${topic}` };
}

test("a registry that fails is one clear line, and the next start goes on", { skip }, async (t) => {
  const { bootstrap } = await sharedKafka();
  const { folder, nameOf } = transfers();
  let fault: Interference | undefined = {
    answer: { status: 200, headers: { "content-type": "text/html" }, body: "<p>Welcome!</p>" },
  };
  const registry = modelRegistry();
  const server = await serveModelRegistry(registry, { interfere: () => fault });
  t.after(() => server.close());
  const flags = ["--bootstrap", bootstrap.join(), "--state", path.join(folder, "state")];
  const withRegistry = [...flags, "--registry", server.url];

  /** Runs a worker that cannot start; gives its error lines. */
  const failing = async (args: readonly string[], code: number): Promise<string> => {
    const worker = WorkerProcess.main({ folder }, args);
    assert.equal(await worker.ended, code, worker.said);
    const lines = worker.said.split("\n").filter((line) => /SG50\d\d/.test(line));
    assert.equal(lines.length, 1, worker.said);
    return lines.join("\n");
  };

  const missing = await failing(flags, 2);
  assert.match(missing, /SG5060.*"transfers", "entries".*registry\.url/);

  const nonsense = await failing(withRegistry, 5);
  assert.match(nonsense, /SG5043/);
  assert.ok(nonsense.includes(server.url), nonsense);
  assert.ok(nonsense.includes("<p>Welcome!</p>"), nonsense);

  fault = { answer: { status: 403, body: '{"error_code":40301,"message":"not you"}' } };
  assert.match(await failing(withRegistry, 5), /not you; check registry\.auth.*SG5042/);

  fault = undefined;
  const worker = WorkerProcess.main({ folder }, withRegistry);
  await worker.says(/"ready"/, patienceMs);
  assert.deepEqual(
    registry.subjects(),
    ["balances", "entries", "excesses"].map((topic) => `${nameOf(topic)}-value`),
  );
  const foreign = new ForeignProgram(server.url);
  const older = await foreign.writer(`${nameOf("transfers")}-value`, olderTransferSchema);
  fault = { drop: true };
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const value = older(transfer(1, "ann", "bob", 100));
  await producer.send({ topic: nameOf("transfers"), messages: [{ key: "ann", value }] });
  await producer.disconnect();
  await worker.says(/a partition waits for a schema.*"schema":4.*SG5041/, patienceMs);

  fault = undefined;
  const consumer = kafka.consumer({ groupId: uniqueName("reader") });
  await consumer.connect();
  await consumer.subscribe({ topic: nameOf("balances"), fromBeginning: true });
  const balances: unknown[] = [];
  await new Promise<void>((resolve) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        balances.push((await foreign.read(message.value ?? Buffer.alloc(0)))["account"]);
        if (balances.length === 2) resolve();
      },
    });
  });
  await consumer.disconnect();
  assert.deepEqual(balances.sort(), ["ann", "bob"]);
  assert.equal((await worker.stop()).code, 0, worker.said);
});
