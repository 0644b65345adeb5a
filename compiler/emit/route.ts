import type { AgentModel } from "../model/topology.ts";
import { type Code, call, code, literal, object, propertyName, typeLiteral } from "./code.ts";
import { valueCodecText } from "./codec-text.ts";
import type { GeneratedFile } from "./file.ts";
import { upperFirst } from "./names.ts";
import { typeText } from "./type-text.ts";

/** `RouteSpec<{ id: string }, Order>` */
export function routeType(file: GeneratedFile, { trigger }: AgentModel): Code {
  if (trigger.kind !== "web") return code``;
  const names = parametersOf(trigger.path);
  const params =
    names.length === 0
      ? code`object`
      : typeLiteral(names.map((name) => code`${propertyName(name)}: string`));
  const body = trigger.body === undefined ? code`undefined` : typeText(file, trigger.body);
  return code`${file.runtimeType("RouteSpec")}<${params}, ${body}>`;
}

/** What a route answers, the parts of its path, and how its body is read. */
export function routeEntries(file: GeneratedFile, agent: AgentModel): readonly Code[] {
  const { trigger } = agent;
  if (trigger.kind !== "web") return [];
  const { method, path, body } = trigger;
  const parts = parametersOf(path).map(
    (name) => code`${propertyName(name)}: segment(${literal(name)})`,
  );
  const head = parts.length === 0 ? code`()` : code`(segment)`;
  return [
    code`method: ${literal(method)}`,
    code`path: ${literal(path)}`,
    code`params: ${head} => (${object(parts)})`,
    code`body: ${body === undefined ? file.runtime("noBody") : call(file.runtime("jsonBody"), [valueCodecText(file, { alias: bodyAlias(agent), value: body })])}`,
  ];
}

/** What a body is called that is no record. */
export const bodyAlias = ({ name }: AgentModel): string => `${upperFirst(name)}Body`;

const parametersOf = (path: string): readonly string[] =>
  path.split("/").flatMap((part) => (part.startsWith(":") ? [part.slice(1)] : []));
