import type { BatchModel } from "../model/source-options.ts";
import type { AgentModel, RecordTriggerKind, TriggerModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { dropsLate, ownRows } from "./agent-tables.ts";
import { type Code, code, literal, numberLiteral } from "./code.ts";
import { policyText } from "./error-policy.ts";
import { tableEntries } from "./table-join.ts";
import { topicOf, topicText } from "./topic-of.ts";

/** The entries of an agent that gets records, or rows. */
export function recordEntries(
  worker: WorkerFile,
  agent: AgentModel,
  trigger: Extract<
    TriggerModel,
    { kind: RecordTriggerKind | "change" | "table-join" | "foreign-join" }
  >,
): Code[] {
  const topic = (name: string): Code => topicText(worker.file, name);
  const name = code`name: ${literal(agent.name)}`;
  const onError = code`onError: ${policyText(agent.onError, topic)}`;
  const mayChange = worker.isFollowed(agent) && agent.body.changesBecause !== undefined;
  const changing = mayChange ? [code`mayChangeValue: true`] : [];
  if (!("topic" in trigger)) {
    return [name, onError, ...tableEntries(worker.file, trigger), ...changing];
  }
  return [
    code`kind: ${literal(specKind(trigger))}`,
    name,
    onError,
    ...batchEntries(trigger.batch),
    ...(trigger.lanes === undefined ? [] : [code`lanes: ${numberLiteral(trigger.lanes)}`]),
    ...changing,
    ...ownRows(worker.file, agent, topicOf(worker.file, trigger.topic)),
    ...dropsLate(worker.file, agent, topic),
  ];
}

const batchEntries = (batch: BatchModel | undefined): Code[] =>
  batch === undefined
    ? []
    : [code`max: ${numberLiteral(batch.max)}`, code`withinMs: ${numberLiteral(batch.withinMs)}`];

/** What the runtime calls an agent that gets records. */
function specKind({
  ack,
  batch,
  kind,
}: Extract<TriggerModel, { kind: RecordTriggerKind }>): string {
  if (ack === "manual") return kind === "stream" ? "manual-stream" : "manual";
  return batch?.events === true ? "events" : kind;
}
