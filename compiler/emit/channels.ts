import type { ChannelModel } from "../model/channel.ts";
import type { AgentModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { array, type Code, call, code, doc, ident, literal, object } from "./code.ts";
import { valueCodecText } from "./codec-text.ts";
import type { GeneratedFile } from "./file.ts";
import { lowerFirst } from "./names.ts";
import { place } from "./place.ts";
import type { View } from "./render.ts";
import { typeText } from "./type-text.ts";

/** `jobsChannel` */
export const channelWord = ({ alias }: ChannelModel): string => `${lowerFirst(alias)}Channel`;

/** The constants of the channels, in declared order. */
export const channelViews = (file: GeneratedFile): readonly View[] =>
  (file.program.channels ?? []).map((channel) => {
    const { name, value } = channel;
    const entries = [code`name: ${literal(name)}`, code`value: ${valueCodecText(file, channel)}`];
    return {
      doc: doc(place(channel)),
      name: ident(channelWord(channel)),
      type: code`${file.runtimeType("ChannelSpec")}<${typeText(file, value)}>`,
      value: object(entries),
    };
  });

/** `ChannelAgentSpec<Job>` */
export const channelAgentType = (file: GeneratedFile, name: string): Code =>
  code`${file.runtimeType("ChannelAgentSpec")}<${typeText(file, channelOf(file, name).value)}>`;

/** `task.channel(jobsChannel)` */
export const channelText = (file: GeneratedFile, from: Code, name: string): Code =>
  call(code`${from}.channel`, [ident(channelWord(channelOf(file, name)))]);

/** `channels: [channel({ channel: jobsChannel, agents: [workAgent] })]` */
export function channelEntries(worker: WorkerFile, members: readonly AgentModel[]): Code[] {
  const { file } = worker;
  const channels = (file.program.channels ?? []).flatMap((channel) => {
    const agents = members.filter(
      ({ trigger }) => trigger.kind === "channel" && trigger.channel === channel.name,
    );
    if (agents.length === 0) return [];
    const entries = [
      code`channel: ${ident(channelWord(channel))}`,
      code`agents: ${array(agents.map(worker.constantOf))}`,
    ];
    return [call(file.runtime("channel"), [object(entries)])];
  });
  return channels.length === 0 ? [] : [code`channels: ${array(channels)}`];
}

/** The model's channel of that name. */
export function channelOf(file: GeneratedFile, name: string): ChannelModel {
  const channel = file.program.channels?.find((each) => each.name === name);
  if (channel === undefined) throw new Error(`SG9007: the model has no channel "${name}"`);
  return channel;
}
