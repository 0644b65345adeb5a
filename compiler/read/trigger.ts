import { internalNameTaken } from "../diagnostics/names.ts";
import type { KeyModel, TopicModel, TriggerModel } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { readCommand } from "./command.ts";
import { readHook } from "./hook.ts";
import { type KeyByModel, readKeyBy } from "./key.ts";
import { pascal } from "./named.ts";
import { choiceOption, noOptions, type Option, type Options, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { readTimer } from "./timer.ts";
import { readTopic } from "./topic.ts";

export interface ReadTrigger {
  readonly model: TriggerModel;
  readonly onError: "stop" | "skip";
  /** The topic that the function's records come from; absent for timers and starts. */
  readonly topic?: TopicModel;
}

/** Says when a function runs. `undefined` after a report. */
export function readTrigger(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { trigger, name } = candidate;
  if (trigger.name === "Every" || trigger.name === "Cron") return readTimer(reading, trigger);
  if (trigger.name === "On") return readHook(reading, trigger);
  if (trigger.name === "Command") return readCommand(reading, candidate);
  const [first, second] = trigger.arguments;
  const kind = kinds[trigger.name];
  if (kind === undefined) return { model: { kind: "start" }, onError: "stop" };
  const allowed = ["onError", "groupBy"];
  const options = readOptions(reading, second, { allowed, of: trigger.name }) ?? noOptions;
  const onError = choiceOption(reading, options, "onError", ["stop", "skip"]) ?? "stop";
  const source = first && readTopic(reading, first, trigger.name);
  if (source === undefined) return undefined;
  const groupBy = options.get("groupBy");
  if (groupBy === undefined) return { model: { kind, topic: source.name }, onError, topic: source };
  return readGroupBy(reading, { name, kind, source, groupBy, options, onError });
}

const kinds: Partial<Record<string, "each" | "event" | "stream">> = {
  Each: "each",
  Event: "event",
  Stream: "stream",
};

interface Regrouping {
  readonly name: string;
  readonly kind: "each" | "event" | "stream";
  readonly source: TopicModel;
  readonly groupBy: Option;
  readonly options: Options;
  readonly onError: "stop" | "skip";
}

/** Another key needs a topic in between, unless the topic has that key already. */
function readGroupBy(reading: Reading, regrouping: Regrouping): ReadTrigger | undefined {
  const { name, kind, source, groupBy, options, onError } = regrouping;
  const owner = { subject: `topic "${source.name}"`, alias: source.alias + pascal(name) };
  const key = readKeyBy(reading, { option: groupBy, options }, source.value, owner);
  if (key === undefined) return undefined;
  if (sameKey(key, source.key)) {
    return { model: { kind, topic: source.name }, onError, topic: source };
  }
  const topic = repartitionTopic(reading, regrouping, key);
  const known = reading.topics.get(topic.name);
  if (known === undefined) reading.topics.set(topic.name, topic);
  else if (known.repartitionOf !== source.name) {
    reading.report(internalNameTaken(topic.name, topic.span, known.span));
  }
  const by =
    key.kind === "function"
      ? ({ kind: "function", function: key.function } as const)
      : ({ kind: "field", field: key.field } as const);
  return {
    model: { kind, topic: topic.name, groupBy: { source: source.name, by } },
    onError,
    topic,
  };
}

const sameKey = (a: KeyModel, b: KeyModel): boolean => JSON.stringify(a) === JSON.stringify(b);

function repartitionTopic(
  reading: Reading,
  { name, source, groupBy }: Regrouping,
  key: KeyByModel,
): TopicModel {
  const by = key.kind === "field" ? key.field : key.function.name;
  return {
    name: `${reading.options.app}-${name}-${by}-repartition`,
    alias: `${pascal(name)}By${pascal(by)}`,
    value: source.value,
    valueDeclaration: source.valueDeclaration,
    key,
    format: source.format,
    ...(source.time !== undefined && { time: source.time }),
    ...(source.partitions !== undefined && { partitions: source.partitions }),
    retentionMs: -1,
    cleanup: "delete",
    config: {},
    external: false,
    trustKey: false,
    repartitionOf: source.name,
    span: reading.place(groupBy.node),
  };
}
