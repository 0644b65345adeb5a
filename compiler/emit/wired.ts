import { isAsk } from "../model/asks.ts";
import type { AgentModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { type Code, call } from "./code.ts";

/** A leader's timer; a check becomes one. */
export const leaderText = ({ file, constantOf }: WorkerFile, agent: AgentModel): Code =>
  agent.trigger.kind === "check"
    ? call(file.runtime("liveCheck"), [constantOf(agent)])
    : constantOf(agent);

/** An agent's constant; one that answers is closed over its answer's type. */
export const readerText = ({ file, constantOf }: WorkerFile, reader: AgentModel): Code =>
  isAsk(reader) ? call(file.runtime("answering"), [constantOf(reader)]) : constantOf(reader);
