import type { CheckTriggerModel } from "../model/ask-trigger.ts";
import { type AskModel, answersAtOnce } from "../model/asks.ts";
import { dropsLate, ownRows } from "./agent-tables.ts";
import { askText } from "./asks.ts";
import { type Code, code, literal, numberLiteral } from "./code.ts";
import { policyText } from "./error-policy.ts";
import type { GeneratedFile } from "./file.ts";
import { topicOf } from "./topic-of.ts";

/** Names a topic's constant. */
type TopicText = (name: string) => Code;

/** The entries of an `AnsweringSpec`. */
export function answeringEntries(file: GeneratedFile, agent: AskModel, topic: TopicText): Code[] {
  const { name, onError, resources, trigger } = agent;
  const atOnce = answersAtOnce(agent);
  const hasTable = resources.some(({ kind }) => kind === "table");
  return [
    code`name: ${literal(name)}`,
    code`ask: ${askText(file, name)}`,
    code`onError: ${policyText(onError, topic)}`,
    ...(trigger.committed === true ? [code`isCommitted: true`] : []),
    ...(atOnce === undefined ? [] : [code`atOnce: ${numberLiteral(atOnce)}`]),
    ...(atOnce !== undefined && hasTable ? [code`keepsKeysInOrder: true`] : []),
    ...ownRows(file, agent, topicOf(file, trigger.topic)),
    ...dropsLate(file, agent, topic),
  ];
}

/** The entries of a `LiveCheckSpec`. */
export const checkEntries = (
  name: string,
  { everyMs, reports, timeoutMs }: CheckTriggerModel,
  topic: TopicText,
): Code[] => [
  code`name: ${literal(name)}`,
  code`everyMs: ${numberLiteral(everyMs)}`,
  code`timeoutMs: ${numberLiteral(timeoutMs)}`,
  code`reports: ${topic(reports)}`,
];
