import { unionThrough } from "../diagnostics/copies.ts";
import { argumentMissing } from "../diagnostics/reading.ts";
import { unionGrouped } from "../diagnostics/sources.ts";
import type { ErrorPolicyModel } from "../model/error-policy.ts";
import type { BatchModel, BeginningModel } from "../model/source-options.ts";
import type { RecordTriggerKind, TopicModel, TriggerModel } from "../model/topology.ts";
import { type AckModel, readAck } from "./ack.ts";
import { readAsk } from "./ask.ts";
import { readBatch } from "./batch.ts";
import { readBeginning } from "./beginning.ts";
import type { Candidate } from "./candidates.ts";
import { readChange } from "./change.ts";
import { channelIn, readChannelTrigger } from "./channel.ts";
import { readClosed } from "./closed.ts";
import { readCommand } from "./command.ts";
import { readConsumerGroup } from "./consumer-group.ts";
import { readEcho, readThrough } from "./copies.ts";
import { checkReader } from "./dead-letter.ts";
import { policyOf } from "./error-policy.ts";
import { readHook } from "./hook.ts";
import { readKeyBy } from "./key.ts";
import { type LanesModel, readLanes } from "./lanes.ts";
import { type ReadLate, readLate } from "./late.ts";
import { readLiveCheck } from "./live-check.ts";
import { pascal } from "./named.ts";
import { noOptions, type Option, type Options, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { groupByOf, isSameKey, readRepartition } from "./repartition.ts";
import { isBare } from "./resolve.ts";
import { readAnyJoin } from "./table-join.ts";
import { readTimer } from "./timer.ts";
import { checkDiscriminable, readSources } from "./topic-union.ts";
import { readWeb, webMethodOf } from "./web.ts";

export interface ReadTrigger {
  readonly model: TriggerModel;
  readonly onError: ErrorPolicyModel;
  /** What is done with late records, where it is said. */
  readonly late?: ReadLate;
  /** The topics that the function's records come from; none for timers and starts. */
  readonly topics?: readonly TopicModel[];
}

const ownReaders: Partial<
  Record<string, (reading: Reading, candidate: Candidate) => ReadTrigger | undefined>
> = { Command: readCommand, Ask: readAsk, LiveCheck: readLiveCheck };

/** Says when a function runs. `undefined` after a report. */
export function readTrigger(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { trigger, name } = candidate;
  if (!isBare(trigger)) return readComplete(reading, candidate);
  reading.report(argumentMissing(name, trigger.name, reading.place(trigger.node)));
  return undefined;
}

function readComplete(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { trigger, name } = candidate;
  if (trigger.name === "Every" || trigger.name === "Cron") return readTimer(reading, candidate);
  if (trigger.name === "Closed") return readClosed(reading, trigger, name);
  if (trigger.name === "Change") return readChange(reading, candidate);
  if (trigger.name === "Join") return readAnyJoin(reading, candidate);
  if (trigger.name === "On") return readHook(reading, candidate);
  const own = ownReaders[trigger.name];
  if (own !== undefined) return own(reading, candidate);
  const method = webMethodOf(trigger.name);
  if (method !== undefined) return readWeb(reading, candidate, method);
  const [first, second] = trigger.arguments;
  const kind = kinds[trigger.name];
  if (kind === undefined) return { model: { kind: "start" }, onError: "stop" };
  const channel = kind === "each" ? channelIn(reading, first) : undefined;
  if (channel !== undefined) return readChannelTrigger(reading, candidate, channel);
  const allowed = optionNames[kind];
  const options = readOptions(reading, second, { allowed, of: trigger.name }) ?? noOptions;
  const sources = readSources(reading, first, trigger);
  const failing = { agent: name, sources };
  const onError = policyOf(reading, options, failing);
  if (!options.has("onError")) checkReader(reading, failing, reading.place(trigger.node));
  const late = readLate(reading, options, failing);
  const read = readRecords(reading, { candidate, kind, sources, options, onError });
  return read && { ...read, ...(late !== undefined && { late }) };
}

function readRecords(reading: Reading, records: RecordTrigger): ReadTrigger | undefined {
  const { candidate, kind, sources, options, onError } = records;
  const { name, trigger } = candidate;
  const [source, ...others] = sources;
  if (source === undefined) return undefined;
  if (others.length > 0) return readUnion(reading, records);
  const bounds = kind === "batch" ? readBatch(reading, options, { name, node: trigger.node }) : {};
  if (bounds === undefined) return undefined;
  const batch = { ...bounds, ...readManner(reading, records) };
  const through = options.get("through");
  if (through !== undefined) {
    const via = readThrough(reading, options, through, { agent: name, source });
    const groupBy = { source: source.name, by: { kind: "topic" } } as const;
    return via && { model: { kind, topic: via.name, groupBy, ...batch }, onError, topics: [via] };
  }
  const groupBy = options.get("groupBy");
  if (groupBy === undefined) {
    return { model: { kind, topic: source.name, ...batch }, onError, topics: [source] };
  }
  return readGroupBy(reading, { name, kind, source, groupBy, options, onError, batch });
}

/** Several topics: what they carry must be told apart, and one key cannot be made of all of them. */
function readUnion(reading: Reading, records: RecordTrigger): ReadTrigger | undefined {
  const { candidate, kind, sources, options, onError } = records;
  const { name, trigger } = candidate;
  const span = reading.place(trigger.arguments[0]?.node ?? trigger.node);
  const groupBy = options.get("groupBy");
  if (groupBy !== undefined) {
    reading.report(unionGrouped(name, reading.place(groupBy.node)));
    return undefined;
  }
  const through = options.get("through");
  if (through !== undefined) {
    reading.report(unionThrough(name, reading.place(through.node)));
    return undefined;
  }
  const [first, ...others] = sources.map((topic) => topic.name);
  if (kind === "each") checkDiscriminable(reading, sources, { name, span });
  if (first === undefined) return undefined;
  const manner = readManner(reading, records);
  return { model: { kind, topic: first, also: others, ...manner }, onError, topics: sources };
}

/** How records are handed out: how many at once, from where on, and who says that they are done with. */
function readManner(reading: Reading, { candidate, options, sources }: RecordTrigger): MannerModel {
  const agent = candidate.name;
  return {
    ...readLanes(reading, options, agent),
    ...readBeginning(reading, options, agent),
    ...readConsumerGroup(reading, options, agent),
    ...readAck(reading, options, candidate),
    ...readEcho(reading, options, sources),
  };
}

type MannerModel = LanesModel &
  AckModel & {
    readonly from?: BeginningModel;
    readonly consumerGroup?: string;
    readonly echo?: readonly string[];
  };

interface RecordTrigger {
  readonly candidate: Candidate;
  readonly kind: RecordTriggerKind;
  readonly sources: readonly TopicModel[];
  readonly options: Options;
  readonly onError: ErrorPolicyModel;
}

const kinds: Partial<Record<string, RecordTriggerKind>> = {
  Each: "each",
  Event: "event",
  Stream: "stream",
  Batch: "batch",
};

const ofMany = ["onError", "groupBy", "through", "echo", "from", "group"];
const ofRecords = [...ofMany, "late"];
const optionNames: Readonly<Record<RecordTriggerKind, readonly string[]>> = {
  each: [...ofRecords, "concurrency"],
  event: [...ofRecords, "concurrency", "ack"],
  stream: [...ofRecords, "ack"],
  batch: [...ofMany, "max", "within", "events"],
};

interface Regrouping {
  readonly name: string;
  readonly kind: RecordTriggerKind;
  readonly source: TopicModel;
  readonly groupBy: Option;
  readonly options: Options;
  readonly onError: ErrorPolicyModel;
  /** What else the model says: how many records at once, where to begin. */
  readonly batch: { readonly batch?: BatchModel } & MannerModel;
}

/** Another key needs a topic in between, unless the topic has that key already. */
function readGroupBy(reading: Reading, regrouping: Regrouping): ReadTrigger | undefined {
  const { name, kind, source, groupBy, options, onError, batch } = regrouping;
  const owner = { subject: `topic "${source.name}"`, alias: source.alias + pascal(name) };
  const key = readKeyBy(reading, { option: groupBy, options }, source.value, owner);
  if (key === undefined) return undefined;
  if (isSameKey(key, source.key)) {
    return { model: { kind, topic: source.name, ...batch }, onError, topics: [source] };
  }
  const regrouped = { names: [name], source, key, span: reading.place(groupBy.node) };
  const topic = readRepartition(reading, regrouped);
  return {
    model: { kind, topic: topic.name, groupBy: groupByOf(regrouped), ...batch },
    onError,
    topics: [topic],
  };
}
