/** What a broker refuses for its content, since a topic was changed under a worker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AgentSpec,
  createProducer,
  type PipelineSpec,
  pipeline,
  source,
} from "@streamgen/runtime";
import { systemClock } from "../../runtime/clock.ts";
import { kafkaAdmin } from "../../runtime/log/kafka/index.ts";
import type { Driver } from "../runtime/log/contract/driver.ts";
import { valuesOf } from "../runtime/log/contract/driver.ts";
import {
  countTable,
  each,
  group,
  keyOf,
  out,
  silent,
  spec,
  words,
} from "../runtime/worker/small.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();
const count = 30;
const odd = 17;
const dayMs = 86_400_000;

interface Change {
  readonly what: string;
  /** Kafka's name of the error, or of the setting. */
  readonly reason: RegExp;
  readonly config: Readonly<Record<string, string>>;
  /** What is sent as record `number`, and when it is said to have happened. */
  value(number: number): string;
  timestamp(number: number): number;
}

const changes: readonly Change[] = [
  {
    what: "too large",
    reason: /max\.message\.bytes/,
    config: { "max.message.bytes": "500" },
    value: (number) => `key-${number}:${(number === odd ? "x" : "").repeat(600)}`,
    timestamp: () => Date.now(),
  },
  {
    what: "too old",
    reason: /timestamp/,
    config: { "message.timestamp.before.max.ms": String(dayMs) },
    value: (number) => `key-${number}:`,
    timestamp: (number) => Date.now() - (number === odd ? 2 * dayMs : 0),
  },
];

for (const change of changes) {
  test(`a record that leads to what is ${change.what} is found and skipped`, { skip }, async () => {
    const kafka = await sharedKafka();
    const settings = settingsFor(kafka, "plaintext");
    await withLog(settings, async (driver) => {
      const { small, input, output } = copying();
      const worker = pipeline(1, small, { log: driver.log, logger: silent, env: {} });
      const skipped: (readonly [code: string, offset: number | undefined, message: string])[] = [];
      worker.on("skipped", ({ error }) => {
        skipped.push([error.code, error.place.offset, error.message]);
      });
      await worker.start();
      await worker.ready();
      const admin = kafkaAdmin(settings);
      await admin.alterTopics([{ topic: output.name, config: change.config }]);
      await admin.close();
      const producer = await createProducer(input, { log: driver.log, now: systemClock.now });
      for (let number = 0; number < count; number++) {
        const value = change.value(number);
        await producer.send(value, { key: keyOf(value), timestamp: change.timestamp(number) });
      }
      await producer.close();
      await worker.idle();
      await worker.stop();
      assert.equal(skipped.length, 1, JSON.stringify(skipped));
      const [code, offset, message] = skipped[0] ?? [];
      assert.deepEqual([code, offset], ["SG8046", odd]);
      assert.match(message ?? "", change.reason);
      const expected = Array.from({ length: count }, (_, number) => change.value(number));
      expected.splice(odd, 1);
      assert.deepEqual([...new Set(await written(driver, output.name))], expected);
    });
  });
}

/** A pipeline with a table that sends on what it gets, under names of its own. */
function copying(): {
  readonly small: PipelineSpec;
  readonly input: typeof words;
  readonly output: typeof out;
} {
  const input = { ...words, name: uniqueName("words") };
  const output = { ...out, name: uniqueName("out") };
  const table = { ...countTable, changelog: uniqueName("changelog") };
  const copy: AgentSpec<string, string> = each(
    "copy",
    (task) => {
      const rows = task.table(table);
      const sink = task.sink(output);
      return (value) => {
        rows.update(keyOf(value), (n) => n + 1);
        sink.send(value);
      };
    },
    "skip",
  );
  const sources = [source({ topic: input, agents: [copy] })];
  const small = spec([group([], { sources, tables: [table] })], { topics: [input, output] });
  const config = {
    ...small.config,
    app: uniqueName("refused"),
    delivery: "at-least-once" as const,
  };
  return { small: { ...small, config }, input, output };
}

async function written(driver: Driver, topic: string): Promise<readonly (string | null)[]> {
  const end = await driver.end(topic);
  const fetcher = await driver.reader(topic);
  const records = await driver.read(fetcher, (_, batches) =>
    batches.some(({ nextOffset }) => nextOffset >= end),
  );
  return valuesOf(records);
}
