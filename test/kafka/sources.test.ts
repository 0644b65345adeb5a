/** Where a group begins, and topics that come while a worker runs, on a real broker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createProducer, pipeline, readTopic, source, type Worker } from "@streamgen/runtime";
import { kafkaAdmin } from "../../runtime/log/kafka/index.ts";
import { kafkaLog } from "../../runtime/log/kafka/kafka-log.ts";
import type { Log } from "../../runtime/log/log.ts";
import { each, silent, spec, type TextTopic, words } from "../runtime/worker/small.ts";
import { settingsFor } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();
const patienceMs = 60_000;

/** A worker that sends each value on, with the topic that it is from. */
class Place {
  readonly log: Log;
  readonly out: TextTopic;
  readonly app = uniqueName("app");

  constructor(log: Log) {
    this.log = log;
    this.out = { ...words, name: uniqueName("out"), keyOf: (value) => value };
  }

  worker(input: TextTopic, from?: "latest"): Worker {
    const copy = {
      ...each("copy", () => () => undefined),
      kind: "event" as const,
      open: (task: Parameters<ReturnType<typeof each>["open"]>[0]) => {
        const sink = task.sink(this.out);
        return (event: { readonly topic: string; readonly value: string | null }) =>
          sink.send(`${event.topic} ${event.value}`);
      },
    };
    const own = source<string, string, string, null>({
      topic: input,
      ...(from !== undefined && { from }),
      agents: [copy],
    });
    const groups = [{ name: input.name, sources: [own], tables: [], timers: [] }];
    const whole = spec(groups, { topics: [input, this.out] });
    return pipeline(
      1,
      { ...whole, config: { ...whole.config, app: this.app, delivery: "at-least-once" } },
      { log: this.log, logger: silent, env: { STREAMGEN_PATTERN_REFRESH_MS: "500" } },
    );
  }

  async create(name: string, partitions: number): Promise<void> {
    await this.log.createTopics([
      { name, partitions, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
    ]);
  }

  async send(topic: TextTopic, values: readonly string[]): Promise<void> {
    const producer = await createProducer(topic, { log: this.log, now: Date.now });
    for (const value of values) await producer.send(value, { key: value });
    await producer.close();
  }

  /** What came out, once there are so many. */
  async sent(count: number): Promise<readonly string[]> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const values: string[] = [];
      for await (const { value } of readTopic(this.out, { log: this.log, now: Date.now })) {
        if (value !== null) values.push(value);
      }
      if (values.length >= count || Date.now() > until) return values.sort();
      await pause(100);
    }
  }
}

async function atKafka(body: (place: Place) => Promise<void>): Promise<void> {
  const log = kafkaLog(settingsFor(await sharedKafka(), "plaintext"), { heartbeatMs: 100 });
  try {
    await body(new Place(log));
  } finally {
    await log.close();
  }
}

test("latest leaves out what was there at the first start, and nothing after it", {
  skip,
}, async () => {
  await atKafka(async (place) => {
    const input = { ...words, name: uniqueName("words"), external: true };
    await place.create(input.name, 1);
    await place.send(input, ["old"]);
    const first = place.worker(input, "latest");
    await first.start();
    await first.ready();
    await first.stop();
    await place.send(input, ["new"]);
    const second = place.worker(input, "latest");
    await second.start();
    assert.deepEqual(await place.sent(1), [`${input.name} new`]);
    await second.stop();
  });
});

test("a topic that is made while a worker runs is read from its first record", {
  skip,
}, async () => {
  await atKafka(async (place) => {
    const prefix = uniqueName("region");
    const all = { ...words, name: "regions", pattern: `${prefix}-[a-z]+`, external: true };
    const [one, two] = ["a", "b"].map((name) => ({ ...words, name: `${prefix}-${name}` }));
    if (one === undefined || two === undefined) return;
    await place.create(one.name, 1);
    await place.send(one, ["x"]);
    const worker = place.worker(all);
    await worker.start();
    assert.deepEqual(await place.sent(1), [`${one.name} x`]);
    await place.create(two.name, 3);
    await place.send(two, ["y", "z"]);
    await place.send(one, ["w"]);
    assert.deepEqual(await place.sent(4), [
      `${one.name} w`,
      `${one.name} x`,
      `${two.name} y`,
      `${two.name} z`,
    ]);
    const admin = kafkaAdmin(settingsFor(await sharedKafka(), "plaintext"));
    await admin.deleteTopics([two.name]);
    await admin.close();
    await pause(2000);
    await place.send(one, ["v"]);
    assert.ok((await place.sent(5)).includes(`${one.name} v`), "the others go on");
    await worker.stop();
  });
});
