import assert from "node:assert/strict";
import { test } from "node:test";
import { type PipelineSpec, source } from "@streamgen/runtime";
import type { Log, TopicSettings } from "../../runtime/log/log.ts";
import { resolveSettings } from "../../runtime/worker/settings/settings.ts";
import { prepareTopics } from "../../runtime/worker/topics/topics.ts";
import { countTable, group, out, silent, spec, words } from "../runtime/worker/small.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();
const timestampType = "message.timestamp.type";
const maxBytes = "max.message.bytes";

/** The small pipeline, under names that no other test has. */
function small(): PipelineSpec & { readonly names: readonly [string, string, string] } {
  const input = { ...words, name: uniqueName("words"), partitions: 2 };
  const config = { [maxBytes]: "2000000" };
  const output = { ...out, name: uniqueName("out"), retentionMs: 3_600_000, config };
  const table = { ...countTable, changelog: uniqueName("changelog") };
  const sources = [source({ topic: input, agents: [] })];
  return {
    ...spec([group([], { sources, tables: [table] })], { topics: [input, output] }),
    names: [input.name, output.name, table.changelog],
  };
}

function start(log: Log, pipeline: PipelineSpec, warn?: (text: string) => void) {
  const logger = { ...silent, ...(warn && { warn }) };
  return prepareTopics(log, pipeline, resolveSettings(pipeline, {}), { logger });
}

const topic = (name: string, more: Partial<TopicSettings> = {}): TopicSettings => ({
  ...{ name, partitions: 1, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ...more,
});

test("a start makes the topics as they are declared, and the next finds them so", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const pipeline = small();
    const [input, output, changelog] = pipeline.names;
    await start(log, pipeline);
    const [first, second, third] = await log.describeTopics([input, output, changelog]);
    assert.equal(first?.partitions, 2);
    assert.equal(first.config[timestampType], "CreateTime");
    assert.equal(second?.retentionMs, 3_600_000);
    assert.equal(second.config[maxBytes], "2000000");
    assert.equal(third?.partitions, 2);
    assert.equal(third.cleanup, "compact");
    assert.equal(third.config["min.compaction.lag.ms"], "600000");
    const warnings: string[] = [];
    const topics = await start(log, pipeline, (text) => warnings.push(text));
    assert.deepEqual(warnings, []);
    assert.equal(topics.recordMaxBytesOf(output), 2_000_000);
  });
});

test("a start lists all that is wrong with topics at once, and makes none", { skip }, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const pipeline = small();
    const [input, output, changelog] = pipeline.names;
    await log.createTopics([
      topic(input, { partitions: 2, config: { [timestampType]: "LogAppendTime" } }),
      topic(changelog, { partitions: 3, cleanup: "delete" }),
    ]);
    await assert.rejects(start(log, pipeline), (error: Error & { code?: string }) => {
      assert.equal(error.code, "SG8003");
      assert.match(error.message, new RegExp(`"${input}" has ${timestampType} LogAppendTime`));
      assert.match(error.message, new RegExp(`"${changelog}" has 3 partitions, not 2`));
      assert.match(error.message, new RegExp(`"${changelog}" has cleanup.policy delete`));
      return true;
    });
    assert.deepEqual(await log.describeTopics([output]), []);
  });
});

test("a topic that takes smaller records than declared is a warning", { skip }, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const pipeline = small();
    const [, output] = pipeline.names;
    await log.createTopics([topic(output, { config: { [maxBytes]: "1000" } })]);
    const warnings: string[] = [];
    const topics = await start(log, pipeline, (text) => warnings.push(text));
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(warnings[0] ?? "", /max\.message\.bytes 1000, not 2000000/);
    assert.equal(
      topics.recordMaxBytesOf(output),
      1000,
      "a send is checked by what the broker takes",
    );
  });
});

test("two workers that start at once make the topics once", { skip }, async () => {
  const kafka = await sharedKafka();
  const settings = settingsFor(kafka, "plaintext");
  const pipeline = small();
  await Promise.all(
    [1, 2, 3].map(() => withLog(settings, ({ log }) => start(log, pipeline).then(() => undefined))),
  );
});

test("a setting that brokers do not take is an error that names the topic", { skip }, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const name = uniqueName("odd");
    const fine = uniqueName("fine");
    for (const odd of [
      topic(name, { config: { "segment.bytes": "many" } }),
      topic(name, { config: { "no.such.setting": "1" } }),
      topic(name, { replicas: 7 }),
    ]) {
      await assert.rejects(
        log.createTopics([topic(fine), odd]),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, "SG6009", error.message);
          assert.ok(error.message.includes(`"${name}"`), error.message);
          return true;
        },
      );
    }
    assert.deepEqual(await log.describeTopics([name, fine]), []);
  });
});

test("names that clash in Kafka's metrics are refused by the broker, clearly", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const name = uniqueName("a");
    await log.createTopics([topic(`${name}.b`)]);
    await assert.rejects(
      log.createTopics([topic(`${name}_b`)]),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "SG6009", error.message);
        assert.ok(error.message.includes(`${name}_b`), error.message);
        return true;
      },
    );
  });
});
