/** Questions and answers between workers and a program, on a real broker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createAsker,
  createProducer,
  pipeline,
  readTopic,
  type WorkerConfig,
} from "@streamgen/runtime";
import { kafkaLog } from "../../runtime/log/kafka/index.ts";
import { memoryStores } from "../../runtime/state/memory-store.ts";
import { echoAsk, Gate, gatedSpec, out, words } from "../runtime/worker/rpc/gated.ts";
import { silent } from "../runtime/worker/small.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

test("records and a program ask two workers", { skip }, async () => {
  const { bootstrap } = await sharedKafka();
  const name = uniqueName("asking");
  const config: Partial<WorkerConfig> = {
    app: { env: "APP", otherwise: "gated" },
    delivery: "at-least-once",
    topics: Object.fromEntries(
      ["words", "out", "said"].map((topic) => [topic, { name: `${name}-${topic}` }]),
    ),
  };
  const gate = new Gate();
  gate.letAll();
  const spec = gatedSpec({ gate, config });
  const env = { APP: name };
  const logs = [0, 1, 2].map(() => kafkaLog({ bootstrap, clientId: name }));
  const [first, second, own] = logs;
  assert.ok(first && second && own);
  const workers = [first, second].map((log, index) =>
    pipeline(1, spec, {
      ...{ log, env, logger: silent, stores: memoryStores(), instance: `worker-${index}` },
    }),
  );
  try {
    for (const worker of workers) await worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
    const settings = { log: own, now: Date.now, config: spec.config, env };
    const echo = await createAsker(echoAsk, settings);
    const list = Array.from({ length: 200 }, (_, index) => `${index}`);
    const answers: string[] = [];
    for await (const answer of echo.map(list)) answers.push(answer);
    assert.deepEqual(
      answers,
      list.map((question) => `${question}!`),
    );
    const producer = await createProducer(words, settings);
    for (const word of ["a", "b", "c"]) await producer.send(word);
    await producer.close();
    for (const worker of workers) await worker.idle();
    const made: (string | null)[] = [];
    for await (const { value } of readTopic(out, settings)) made.push(value);
    assert.deepEqual([...new Set(made)].sort(), ["a!", "b!", "c!"]);
    await echo.close();
  } finally {
    await Promise.allSettled(workers.map((worker) => worker.stop()));
    await Promise.allSettled(logs.map((log) => log.close()));
  }
});
