import assert from "node:assert/strict";
import test from "node:test";
import { type PipelineSpec, source, type TopicSpec } from "@streamgen/runtime";
import type { TopicSettings } from "../../../runtime/log/log.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { resolveSettings } from "../../../runtime/worker/settings/settings.ts";
import { planTopics, type TopicStep } from "../../../runtime/worker/topics/topic-plan.ts";
import { flawText, prepareTopics } from "../../../runtime/worker/topics/topics.ts";
import { countTable, group, loose, out, spec, words } from "./small.ts";

const by: TopicSpec<string, string> = { ...words, name: "by", repartitionOf: "words" };
const pipeline = spec(
  [group([]), group([], { name: "by", tables: [], sources: [source({ topic: by, agents: [] })] })],
  { topics: [words, out, loose, by] },
);

/** Topics as they are made for a pipeline, then changed. */
function exists(
  wanted: PipelineSpec,
  changes: Readonly<Record<string, Partial<TopicSettings>>>,
): readonly TopicSettings[] {
  const made = steps(wanted, [], true).flatMap((step) =>
    step.kind === "create" ? [step.settings] : [],
  );
  for (const name of Object.keys(changes)) assert.ok(made.some((topic) => topic.name === name));
  return made.map((topic) => ({ ...topic, ...changes[topic.name] }));
}

function steps(
  wanted: PipelineSpec,
  existing: readonly TopicSettings[],
  makesExternal = false,
): readonly TopicStep[] {
  const settings = resolveSettings(wanted, {});
  return planTopics(wanted, settings, existing, { makesExternal }).steps;
}

/** The one flaw after a change of one topic, and whether a worker may not start with it. */
function flaw(
  name: string,
  change: Partial<TopicSettings>,
  wanted: PipelineSpec = pipeline,
): readonly [text: string, blocks: boolean] {
  const [step, ...others] = steps(wanted, exists(wanted, { [name]: change }));
  assert.deepEqual(others, []);
  assert.ok(step !== undefined && step.kind !== "create");
  return [flawText(step), step.blocks];
}

function withTopic(changed: TopicSpec<string, string>): PipelineSpec {
  const topics = pipeline.topics.map((topic) => (topic.name === changed.name ? changed : topic));
  const groups = pipeline.groups.map((one) =>
    one.sources[0]?.topic.name === changed.name
      ? group([], { sources: [source({ topic: changed, agents: [] })] })
      : one,
  );
  return { ...pipeline, topics, groups };
}

test("missing topics are made, changelogs last, and then nothing is left to do", () => {
  const made = steps(pipeline, []);
  assert.deepEqual(
    made.map((step) => step.kind === "create" && [step.role, step.settings.name]),
    [
      ["own", "words"],
      ["own", "out"],
      ["own", "loose"],
      ["repartition", "by"],
      ["changelog", countTable.changelog],
    ],
  );
  assert.deepEqual(steps(pipeline, exists(pipeline, {})), []);
});

test("a topic whose timestamps are event times is made to keep them, and another is left alone", () => {
  const configs = new Map(exists(pipeline, {}).map(({ name, config }) => [name, config]));
  assert.deepEqual(configs.get("words"), { "message.timestamp.type": "CreateTime" });
  assert.deepEqual(configs.get("by"), { "message.timestamp.type": "CreateTime" });
  assert.deepEqual(configs.get("out"), {});
  const timed = withTopic({ ...words, timeOf: () => 0 });
  assert.deepEqual(exists(timed, {})[0]?.config, {});
});

test("timestamps of the broker are found where they would be event times", () => {
  const config = { "message.timestamp.type": "LogAppendTime" };
  assert.deepEqual(flaw("words", { config }), [
    'topic "words" has message.timestamp.type LogAppendTime, not CreateTime, and otherwise event times are those of the broker\'s clock: topics apply changes it',
    true,
  ]);
  const [text, blocks] = flaw("words", { config }, withTopic({ ...words, external: true }));
  assert.match(text, /"words" has message\.timestamp\.type LogAppendTime, .*declare the field/);
  assert.equal(blocks, true);
  assert.deepEqual(steps(pipeline, exists(pipeline, { out: { config } })), [], "nobody reads it");
  const timed = withTopic({ ...words, timeOf: () => 0 });
  assert.deepEqual(steps(timed, exists(timed, { words: { config } })), []);
  const accepted = withTopic({ ...words, external: true, config });
  assert.deepEqual(steps(accepted, exists(accepted, { words: { config } })), []);
});

test("partitions and clean-up that differ are conflicts, replicas that are missing a warning", () => {
  assert.deepEqual(flaw("out", { partitions: 3 }), [
    'topic "out" has 3 partitions, not 1: declare "partitions": 3, or make the topic again',
    true,
  ]);
  assert.match(flaw("by", { partitions: 3 })[0], /reset makes it again/);
  assert.match(flaw(countTable.changelog, { partitions: 3 })[0], /the table is computed anew/);
  const compacted = withTopic({ ...out, cleanup: "compact" });
  assert.deepEqual(flaw("out", { cleanup: "delete" }, compacted), [
    'topic "out" has cleanup.policy delete, not compact: declare "cleanup": "delete", or change the topic\'s cleanup.policy',
    true,
  ]);
  const many = { ...pipeline, config: { ...pipeline.config, replicas: 3 } };
  const [text, blocks] = flaw("out", { replicas: 2 }, many);
  assert.match(text, /"out" has 2 replicas, not 3: .*or set "replicas": 2/);
  assert.equal(blocks, false);
  assert.deepEqual(steps(pipeline, exists(pipeline, { out: { replicas: 3 } })), []);
});

test("internal topics that would lose rows or records keep a worker from starting", () => {
  assert.deepEqual(flaw(countTable.changelog, { cleanup: "delete" }), [
    'topic "small-counts-changelog" has cleanup.policy delete, not compact, and otherwise rows of the table are lost: topics apply changes it',
    true,
  ]);
  assert.match(flaw("by", { retentionMs: 1000 })[0], /retention\.ms 1000, not -1/);
  assert.equal(flaw("by", { retentionMs: 1000 })[1], true);
  assert.match(flaw("by", { cleanup: "compact" })[0], /cleanup\.policy compact, not delete/);
});

test("a changelog without compaction lag is a warning", () => {
  const [text, blocks] = flaw(countTable.changelog, { config: {} });
  assert.match(text, /min\.compaction\.lag\.ms the default, not 600000/);
  assert.equal(blocks, false);
});

test("retention is raised and never lowered", () => {
  const week = withTopic({ ...out, retentionMs: 604_800_000 });
  const [text, blocks] = flaw("out", { retentionMs: 1000 }, week);
  assert.match(text, /retention\.ms 1000, not 604800000, and it keeps records for less long/);
  assert.equal(blocks, false);
  for (const retentionMs of [-1, 604_800_001]) {
    assert.deepEqual(steps(week, exists(week, { out: { retentionMs } })), []);
  }
  const forever = withTopic({ ...out, config: { "retention.ms": "-1" } });
  assert.match(flaw("out", { retentionMs: 1000 }, forever)[0], /retention\.ms 1000, not -1/);
});

test("declared settings are compared, sizes as least values", () => {
  const large = withTopic({ ...out, config: { "max.message.bytes": "2000000", "x.y": "z" } });
  assert.match(flaw("out", { config: { "x.y": "z" } }, large)[0], /the default, not 2000000/);
  assert.match(
    flaw("out", { config: { "max.message.bytes": "3000000", "x.y": "w" } }, large)[0],
    /x\.y w, not z/,
  );
});

test("a repartition topic takes what its source takes", () => {
  const config = { "max.message.bytes": "2000000" };
  const wide = withTopic({ ...words, config });
  const made = exists(wide, {}).find(({ name }) => name === "by");
  assert.equal(made?.config["max.message.bytes"], "2000000");
  const external = withTopic({ ...words, external: true });
  const [found] = exists(external, { words: { config } });
  assert.ok(found);
  const create = steps(external, [found]).find(
    (step) => step.kind === "create" && step.settings.name === "by",
  );
  assert.equal(create?.kind === "create" && create.settings.config["max.message.bytes"], "2000000");
});

test("external topics are others' to make, unless asked for", () => {
  const external = withTopic({ ...words, external: true });
  const [missing] = steps(external, []);
  assert.ok(missing?.kind === "conflict" && missing.blocks);
  assert.match(flawText(missing), /"words" is external and does not exist: create it/);
  const [made] = steps(external, [], true);
  assert.ok(made?.kind === "create" && made.role === "external");
  const other = { partitions: 1, cleanup: "compact", retentionMs: 1, replicas: 0 } as const;
  assert.deepEqual(steps(external, exists(external, { words: other })), []);
});

test("a start tells what blocks it all at once, and only warns of the rest", async () => {
  const log = memoryLog();
  const settings = resolveSettings(pipeline, {});
  await log.createTopics(
    exists(pipeline, {
      out: { partitions: 2 },
      by: { retentionMs: 1 },
      [countTable.changelog]: { config: {} },
    }).filter(({ name }) => name !== "loose"),
  );
  await assert.rejects(prepareTopics(log, pipeline, settings), (error: Error) => {
    assert.match(error.message, /"out" has 2 partitions.*; topic "by" has retention\.ms 1/);
    assert.doesNotMatch(error.message, /compaction/);
    return true;
  });
  assert.ok(!log.topics.some(({ name }) => name === "loose"), "nothing is made");

  const mended = memoryLog();
  await mended.createTopics(exists(pipeline, { [countTable.changelog]: { config: {} } }));
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (text: string) => warnings.push(text),
  };
  await prepareTopics(mended, pipeline, settings, { logger });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /min\.compaction\.lag\.ms/);
});

test("a repartition topic that is read together with another topic has as many partitions as that", () => {
  const { partitions: _, ...left } = { ...words, name: "left" };
  const together = group([], {
    sources: [source({ topic: by, agents: [] }), source({ topic: left, agents: [] })],
  });
  const { partitions: __, ...right } = by;
  const wanted = spec([group([]), { ...together, tables: [] }], {
    topics: [words, { ...left, external: true }, { ...right, repartitionOf: "words" }],
  });
  const made = steps(wanted, exists(wanted, { left: { partitions: 5 } }).slice(0, 2));
  const counts = made.map((step) =>
    step.kind === "create" ? [step.settings.name, step.settings.partitions] : step,
  );
  assert.deepEqual(counts.slice(0, 1), [["by", 5]]);
});
