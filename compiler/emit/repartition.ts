import { type RepartitionModel, repartitionsOf } from "../model/inputs.ts";
import type { AgentModel, GroupModel } from "../model/topology.ts";
import { type Code, ident } from "./code.ts";
import { repartitionWord } from "./copies.ts";
import type { GeneratedFile } from "./file.ts";

export interface Repartitioning {
  /** The constant that does it. */
  readonly name: Code;
  readonly agent: AgentModel;
  readonly to: RepartitionModel;
}

/** What sends records on in a group's tasks, for agents that read them by another key. */
export const repartitionsIn = (
  { program }: GeneratedFile,
  group: GroupModel,
): readonly Repartitioning[] =>
  program.agents
    .filter(({ name }) => group.repartitions.includes(name))
    .flatMap((agent) =>
      repartitionsOf(agent.trigger).map((to) => ({
        ...{ agent, to },
        name: ident(repartitionWord(agent, to)),
      })),
    );

/** The same of one topic's records. */
export const repartitionedFrom = (
  file: GeneratedFile,
  group: GroupModel,
  topic: string,
): readonly Repartitioning[] => repartitionsIn(file, group).filter(({ to }) => to.source === topic);
