import { inputsOf } from "../model/inputs.ts";
import type { JoinModel, JoinSideModel } from "../model/join.ts";
import type { AgentModel, GroupModel, TopicModel } from "../model/topology.ts";
import { type Code, code, literal, numberLiteral, object } from "./code.ts";
import { policyText } from "./error-policy.ts";
import type { GeneratedFile } from "./file.ts";
import { projectedReader } from "./names.ts";
import { codecFileOf } from "./records.ts";
import { topicOf, topicText } from "./topic-of.ts";
import { keyType } from "./topics.ts";
import { typeText } from "./type-text.ts";

/** `Join<string, Order, string, Payment>` */
export function joinType(file: GeneratedFile, { left, right }: JoinModel): Code {
  const types = [left, right].map(({ topic }) => {
    const { key, value } = topicOf(file, topic);
    return code`${keyType(file, key)}, ${typeText(file, value)}`;
  });
  return code`${file.runtimeType("Join")}<${types[0] ?? code``}, ${types[1] ?? code``}>`;
}

/** The entries of a `JoinSpec`. */
export function joinEntries(
  file: GeneratedFile,
  { body, name, onError }: AgentModel,
  { afterMs, beforeMs, gives, graceMs, idleMs, left, right, unmatched }: JoinModel,
): Code[] {
  const group = file.program.groups.find(({ agents }) => agents.includes(name));
  return [
    code`kind: ${literal(gives)}`,
    code`name: ${literal(name)}`,
    code`onError: ${policyText(onError, (topic) => topicText(file, topic))}`,
    code`left: ${sideText(file, group, left)}`,
    code`right: ${sideText(file, group, right)}`,
    ...(unmatched === undefined ? [] : [code`unmatched: ${literal(unmatched)}`]),
    code`beforeMs: ${numberLiteral(beforeMs)}`,
    code`afterMs: ${numberLiteral(afterMs)}`,
    code`graceMs: ${numberLiteral(graceMs)}`,
    ...(idleMs === undefined ? [] : [code`idleMs: ${numberLiteral(idleMs)}`]),
    ...(body.changesBecause === undefined ? [] : [code`mayChangeValues: true`]),
  ];
}

/** `{ topic: ordersTopic, read: readOrderForOrders, changelog: "app-settle-left-changelog" }` */
function sideText(
  file: GeneratedFile,
  group: GroupModel | undefined,
  { changelog, topic }: JoinSideModel,
): Code {
  const read = decoderText(file, group, topicOf(file, topic));
  return object([
    code`topic: ${topicText(file, topic)}`,
    ...(read === undefined ? [] : [code`read: ${read}`]),
    code`changelog: ${literal(changelog)}`,
  ]);
}

/** The decoder of what a topic's functions read, where that is less than everything. */
export function decoderText(
  file: GeneratedFile,
  group: GroupModel | undefined,
  topic: TopicModel,
): Code | undefined {
  const isLess = group?.projections[topic.name] !== undefined;
  if (!isLess || topic.value.kind !== "record") return undefined;
  return file.generated(codecFileOf(file, topic.value.name), projectedReader(topic, group));
}

/** `settleJoin.left`: what reads a topic for a function, in the order in which it does. */
export function readerOf(constant: Code, { trigger }: AgentModel, topic: string): readonly Code[] {
  if (trigger.kind !== "join") return inputsOf(trigger).includes(topic) ? [constant] : [];
  const { left, right } = trigger;
  return [
    ...(left.topic === topic ? [code`${constant}.left`] : []),
    ...(right.topic === topic ? [code`${constant}.right`] : []),
  ];
}

type ConstantOf = (agent: AgentModel) => Code;

/** `...settleJoin.tables` */
export const joinTables = (
  constantOf: ConstantOf,
  members: readonly AgentModel[],
): readonly Code[] =>
  members
    .filter(({ trigger }) => trigger.kind === "join")
    .map((agent) => code`...${constantOf(agent)}.tables`);

/** `...settleJoin.closings`, of those that give records without a partner. */
export const joinClosings = (
  constantOf: ConstantOf,
  members: readonly AgentModel[],
): readonly Code[] =>
  members
    .filter(({ trigger }) => trigger.kind === "join" && trigger.unmatched !== undefined)
    .map((agent) => code`...${constantOf(agent)}.closings`);
