import { badJoinField, badWithin, idleForNothing, joinGraceMissing } from "../diagnostics/joins.ts";
import { optionMissing } from "../diagnostics/topology.ts";
import type { JoinModel, JoinSideModel } from "../model/join.ts";
import type { TopicModel } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { checkReader } from "./dead-letter.ts";
import { policyOf } from "./error-policy.ts";
import { type KeyByModel, readKeyBy } from "./key.ts";
import { readLiteral } from "./literal.ts";
import { pascal } from "./named.ts";
import { choiceOption, noOptions, type Option, type Options, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { groupByOf, isSameKey, type Regrouped, readRepartition } from "./repartition.ts";
import { readTopic } from "./topic.ts";
import type { ReadTrigger } from "./trigger.ts";
import { readLength } from "./window.ts";

const optionNames = ["on", "within", "grace", "kind", "idle", "onError"];

/** Which side of a join. */
type Side = "left" | "right";

/** A function that runs for pairs of records. `undefined` after a report. */
export function readJoin(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { name, trigger } = candidate;
  const [first, second, third] = trigger.arguments;
  const options = readOptions(reading, third, { allowed: optionNames, of: "Join" }) ?? noOptions;
  const left = first && readTopic(reading, first, "Join");
  const right = second && readTopic(reading, second, "Join");
  const join: Joined = { name, options, place: candidate };
  const times = readTimes(reading, join);
  if (left === undefined || right === undefined) return undefined;
  const sources = left === right ? [left] : [left, right];
  const failing = { agent: name, sources };
  const onError = policyOf(reading, options, failing);
  if (!options.has("onError")) checkReader(reading, failing, reading.place(trigger.node));
  const sides = readSides(reading, join, { left, right });
  if (times === undefined || sides === undefined) return undefined;
  const gives = choiceOption(reading, options, "kind", ["inner", "left", "outer"]) ?? "inner";
  const idle = options.get("idle");
  if (gives === "inner" && idle !== undefined) {
    reading.report(idleForNothing(name, reading.place(idle.node)));
  }
  const changelog = (what: string): string => `${reading.options.app}-${name}-${what}-changelog`;
  const side = (which: Side): JoinSideModel => ({
    ...sides[which].model,
    changelog: changelog(which),
  });
  const model: JoinModel = {
    ...{ kind: "join", gives, left: side("left"), right: side("right"), ...times },
    ...(gives !== "inner" && { unmatched: changelog("unmatched") }),
  };
  return { model, onError, topics: [sides.left.topic, sides.right.topic] };
}

/** A join that is being read. */
interface Joined {
  /** The function's. */
  readonly name: string;
  readonly options: Options;
  readonly place: Candidate;
}

type Times = Pick<JoinModel, "beforeMs" | "afterMs" | "graceMs" | "idleMs">;

function readTimes(reading: Reading, { name, options, place }: Joined): Times | undefined {
  const subject = `the join of agent "${name}"`;
  const at = reading.place(place.trigger.node);
  const [within, grace, idle] = ["within", "grace", "idle"].map((each) => options.get(each));
  if (within === undefined) reading.report(optionMissing("within", subject, at));
  if (grace === undefined) reading.report(joinGraceMissing(name, at));
  const reach = within && readWithin(reading, within, subject);
  const graceMs = grace && readLength(reading, grace.type, subject);
  const idleMs = idle && readLength(reading, idle.type, subject, 1);
  if (reach === undefined || graceMs === undefined) return undefined;
  return { ...reach, graceMs, ...(idleMs !== undefined && { idleMs }) };
}

/** One length of time for both directions, or one for each. */
function readWithin(
  reading: Reading,
  within: Option,
  subject: string,
): Pick<Times, "beforeMs" | "afterMs"> | undefined {
  if (readLiteral(reading, within.type)?.kind === "text") {
    const ms = readLength(reading, within.type, subject);
    return ms === undefined ? undefined : { beforeMs: ms, afterMs: ms };
  }
  const ends = bothOf(reading, within, ["before", "after"]);
  if (ends === undefined) {
    reading.report(badWithin(within.node.getText(), subject, reading.place(within.node)));
    return undefined;
  }
  const [before, after] = ends.map(({ type }) => readLength(reading, type, subject));
  if (before === undefined || after === undefined) return undefined;
  return { beforeMs: before, afterMs: after };
}

interface ReadSide {
  readonly model: Omit<JoinSideModel, "changelog">;
  /** The topic that is read. */
  readonly topic: TopicModel;
}

type Sides<T> = Readonly<Record<Side, T>>;

function readSides(
  reading: Reading,
  join: Joined,
  topics: Sides<TopicModel>,
): Sides<ReadSide> | undefined {
  const on = join.options.get("on");
  if (on === undefined) {
    const at = reading.place(join.place.trigger.node);
    reading.report(optionMissing("on", `the join of agent "${join.name}"`, at));
    return undefined;
  }
  const fields = fieldsOf(reading, on);
  if (fields === undefined) {
    reading.report(badJoinField(join.name, on.node.getText(), reading.place(on.node)));
    return undefined;
  }
  const keyOf = (side: Side) => {
    const { alias, name, value } = topics[side];
    const owner = { subject: `topic "${name}"`, alias: alias + pascal(join.name) };
    return readKeyBy(reading, keyFrom(fields[side]), value, owner);
  };
  const keys = { left: keyOf("left"), right: keyOf("right") };
  if (keys.left === undefined || keys.right === undefined) return undefined;
  return regroup(reading, join, topics, { left: keys.left, right: keys.right }, fields);
}

/** What a field is read from: messages are to call it `on`, wherever it stands. */
function keyFrom(field: Option): { readonly option: Option; readonly options: Options } {
  const option = { ...field, name: "on" };
  return { option, options: new Map([["on", option]]) };
}

function fieldsOf(reading: Reading, on: Option): Sides<Option> | undefined {
  if (readLiteral(reading, on.type)?.kind === "text") return { left: on, right: on };
  const [left, right] = bothOf(reading, on, ["left", "right"]) ?? [];
  const isField = (option: Option | undefined): option is Option =>
    option !== undefined && readLiteral(reading, option.type)?.kind === "text";
  return isField(left) && isField(right) ? { left, right } : undefined;
}

/** The two options in `{ left: …; right: … }`; `undefined` where it is something else. */
function bothOf(
  reading: Reading,
  { name, type }: Option,
  allowed: readonly [string, string],
): readonly [Option, Option] | undefined {
  if (readLiteral(reading, type)?.kind !== "object") return undefined;
  const options = readOptions(reading, type, { allowed, of: name });
  const [first, second] = allowed.map((each) => options?.get(each));
  return first && second && [first, second];
}

/** Sends a side on whose topic has another key, into as many partitions as the other side has. */
function regroup(
  reading: Reading,
  { name }: Joined,
  topics: Sides<TopicModel>,
  keys: Sides<KeyByModel>,
  fields: Sides<Option>,
): Sides<ReadSide> {
  const isSameField = by(keys.left) === by(keys.right);
  const isShared = isSameField && topics.left === topics.right;
  const read = (side: Side, partitionsOf: TopicModel | undefined): ReadSide => {
    const [source, key] = [topics[side], keys[side]];
    const model = { field: by(key) };
    if (isSameKey(key, source.key)) {
      return { model: { ...model, topic: source.name }, topic: source };
    }
    const regrouped: Regrouped = {
      // One field of two topics would be one name for two.
      names: isSameField && !isShared ? [name, side] : [name],
      ...{ source, key, span: reading.place(fields[side].node) },
      ...(partitionsOf !== undefined && { partitionsOf }),
    };
    const topic = readRepartition(reading, regrouped);
    return { model: { ...model, topic: topic.name, groupBy: groupByOf(regrouped) }, topic };
  };
  const isRightKeyed = isSameKey(keys.right, topics.right.key);
  const left = read("left", isRightKeyed ? topics.right : undefined);
  return { left, right: read("right", isShared ? undefined : left.topic) };
}

const by = (key: KeyByModel): string => (key.kind === "field" ? key.field : key.function.name);
