import { declaredInputsOf, type RepartitionModel } from "../model/inputs.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { array, type Code, code, doc, ident, literal } from "./code.ts";
import { policyText } from "./error-policy.ts";
import type { GeneratedFile } from "./file.ts";
import { upperFirst } from "./names.ts";
import type { View } from "./render.ts";
import { topicOf, topicText } from "./topic-of.ts";
import { keyType } from "./topics.ts";
import { typeText } from "./type-text.ts";

/** The constant beside an agent's that copies its records: `showParcelEcho`. */
export const echoWord = (agent: string): string => `${agent.replace(/Agent$/, "")}Echo`;

/** The constant that sends a topic's records on under another key: `weighDepotRepartition`. */
export const repartitionWord = ({ name }: AgentModel, { by, side }: RepartitionModel): string =>
  by.kind === "topic"
    ? `${name}Through`
    : `${name}${side === undefined ? "" : upperFirst(side)}Repartition`;

/** Whether a topic's records are copied for an agent: where it is read as it is declared. */
export const echoesHere = ({ trigger }: AgentModel, topic: string): boolean =>
  "echo" in trigger && trigger.echo !== undefined && declaredInputsOf(trigger).includes(topic);

/** Sends each record of a topic on to an agent's repartition topic, or through another. */
export function repartitionView(
  file: GeneratedFile,
  agent: AgentModel,
  to: RepartitionModel,
): View {
  const source = topicOf(file, to.source);
  return {
    doc: doc(`Sends each record of "${source.name}" on to "${to.topic}", for ${agent.name}.`),
    name: ident(repartitionWord(agent, to)),
    type: senderType(file, source),
    entries: [
      code`kind: ${literal(to.by.kind === "topic" ? "through" : "repartition")}`,
      code`name: ${literal(repartitionWord(agent, to))}`,
      onErrorEntry(file, agent),
      code`to: ${topicText(file, to.topic)}`,
    ],
  };
}

/** Copies each record of a topic, as it is, to others. */
export function echoViews(
  { file, echoOf }: WorkerFile,
  agent: AgentModel,
  topic: string,
): readonly View[] {
  const { trigger } = agent;
  if (!("echo" in trigger) || trigger.echo === undefined) return [];
  const source = topicOf(file, topic);
  const names = trigger.echo.map((name) => `"${name}"`).join(" and ");
  return [
    {
      doc: doc(`Copies each record of "${source.name}" to ${names}, for ${agent.name}.`),
      name: echoOf(agent),
      type: senderType(file, source),
      entries: [
        code`kind: "echo"`,
        code`name: ${literal(`${agent.name}Echo`)}`,
        onErrorEntry(file, agent),
        code`to: ${array(trigger.echo.map((name) => topicText(file, name)))}`,
      ],
    },
  ];
}

const senderType = (file: GeneratedFile, { key, value }: TopicModel): Code =>
  code`${file.runtimeType("AgentSpec")}<${keyType(file, key)}, ${typeText(file, value)}>`;

const onErrorEntry = (file: GeneratedFile, agent: AgentModel): Code =>
  code`onError: ${policyText(agent.onError, (name) => topicText(file, name))}`;
