import {
  channelBetweenGroups,
  channelOutsideTasks,
  channelUnread,
  channelUnsent,
} from "../diagnostics/channels.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ChannelModel, ChannelSinkModel } from "../model/channel.ts";
import { consumerGroupOf } from "../model/consumer-group.ts";
import type { Program } from "../model/program.ts";
import { isTimer } from "../model/timer.ts";
import type { AgentModel } from "../model/topology.ts";

/** Whether what is sent to channels gets anywhere, from where somebody can handle it. */
export const checkChannels = (program: Program, isWhole: boolean): readonly Diagnostic[] => [
  ...program.agents.flatMap(checkTimer),
  ...(program.channels ?? []).flatMap((channel) => checkGroups(program, channel)),
  ...(isWhole ? [...unread(program), ...unsent(program)] : []),
];

const sinksOf = ({ resources }: AgentModel): readonly ChannelSinkModel[] =>
  resources.flatMap((resource) => (resource.kind === "channel" ? [resource] : []));

/** A timer belongs to the tasks of its tables; without one it runs beside them. */
function checkTimer(agent: AgentModel): readonly Diagnostic[] {
  const isInTask = agent.resources.some(({ kind }) => kind === "table" || kind === "lookup");
  if (!isTimer(agent.trigger) || isInTask) return [];
  const where = "once per worker, because it has no table";
  return sinksOf(agent).map(({ parameter, span }) =>
    channelOutsideTasks({ agent: agent.name, where, parameter }, span),
  );
}

/** What is sent to a channel is handled in the sender's task, and groups have tasks of their own. */
function checkGroups({ agents }: Program, { name }: ChannelModel): readonly Diagnostic[] {
  const senders = agents.filter(
    (agent) => "topic" in agent.trigger && sinksOf(agent).some(({ channel }) => channel === name),
  );
  const [first] = senders;
  const other = senders.find((each) => first && consumerGroupOf(each) !== consumerGroupOf(first));
  if (first === undefined || other === undefined) return [];
  return [channelBetweenGroups(name, [first.name, other.name], other.span)];
}

function unread({ agents }: Program): readonly Diagnostic[] {
  const read = new Set(
    agents.flatMap(({ trigger }) => (trigger.kind === "channel" ? [trigger.channel] : [])),
  );
  return agents.flatMap((agent) =>
    sinksOf(agent)
      .filter(({ channel }) => !read.has(channel))
      .map(({ channel, span }) => channelUnread(channel, agent.name, span)),
  );
}

function unsent({ agents }: Program): readonly Diagnostic[] {
  const sent = new Set(agents.flatMap((agent) => sinksOf(agent).map(({ channel }) => channel)));
  return agents.flatMap(({ name, span, trigger }) =>
    trigger.kind === "channel" && !sent.has(trigger.channel)
      ? [channelUnsent(trigger.channel, name, span)]
      : [],
  );
}
