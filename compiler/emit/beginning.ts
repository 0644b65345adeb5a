import { declaredInputsOf } from "../model/inputs.ts";
import type { BeginningModel } from "../model/source-options.ts";
import type { AgentModel, GroupModel } from "../model/topology.ts";
import { type Code, code, literal, numberLiteral, object } from "./code.ts";

/** `from: "latest"`, where a group without offsets does not begin with a topic's first record. */
export function beginningEntry(
  agents: readonly AgentModel[],
  group: GroupModel,
  topic: string,
): Code[] {
  const readers = [...group.agents, ...group.repartitions];
  const reader = agents.find(
    ({ name, trigger }) => readers.includes(name) && declaredInputsOf(trigger).includes(topic),
  );
  const from = reader !== undefined && "from" in reader.trigger ? reader.trigger.from : undefined;
  return from === undefined ? [] : [code`from: ${beginningText(from)}`];
}

function beginningText(from: BeginningModel): Code {
  switch (from.kind) {
    case "latest":
      return literal("latest");
    case "time":
      return object([code`time: ${literal(from.time)}`]);
    case "ago":
      return object([code`agoMs: ${numberLiteral(from.ms)}`]);
  }
}
