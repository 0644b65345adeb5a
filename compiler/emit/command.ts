import type { CommandFlagModel } from "../model/command-flag.ts";
import type { AgentModel } from "../model/topology.ts";
import { array, type Code, code, literal, object } from "./code.ts";
import { valueCodecText } from "./codec-text.ts";
import type { GeneratedFile } from "./file.ts";

/** What a command says of itself, its flags, and the codec of its arguments. */
export function commandEntries(file: GeneratedFile, agent: AgentModel): readonly Code[] {
  const { doc = "", name, resources, trigger } = agent;
  if (trigger.kind !== "command") return [];
  const codec = valueCodecText(file, { alias: name, value: trigger.arguments });
  const opens = resources.flatMap((resource) =>
    resource.kind === "resource" ? [file.userFunction(resource.open)] : [],
  );
  return [
    code`help: ${literal(doc)}`,
    code`flags: ${array(trigger.flags.map(flagText))}`,
    code`arguments: ${codec}`,
    ...(opens.length === 0 ? [] : [code`resources: ${array(opens)}`]),
  ];
}

function flagText(flag: CommandFlagModel): Code {
  const { name, property, kind, isList, isOptional, choices, help } = flag;
  return object([
    code`name: ${literal(name)}`,
    code`property: ${literal(property)}`,
    code`kind: ${literal(kind)}`,
    ...(isList === true ? [code`isList: true`] : []),
    ...(isOptional === true ? [code`isOptional: true`] : []),
    ...(choices === undefined ? [] : [code`choices: ${array(choices.map(literal))}`]),
    ...(help === undefined ? [] : [code`help: ${literal(help)}`]),
  ]);
}
