import type { Setting, TopicConfig } from "../config/config.ts";
import type { Configuration } from "../config/configuration.ts";
import { type Code, code, ident, literal, numberLiteral, object, propertyName } from "./code.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import type { OutputFile } from "./output-file.ts";
import { render } from "./render.ts";

/**
 * `config.ts`: the configuration as data, so that a worker never loads the project's own. Settings from
 * the environment stay markers; no secret is written.
 */
export function emitConfig(context: EmitContext, configuration: Configuration): OutputFile {
  const file = new GeneratedFile("config.ts", context);
  const { delivery, commitIntervalMs, partitions, replicas, topics } = configuration;
  const view = {
    header: header(configuration.file),
    type: file.runtimeType("WorkerConfig"),
    entries: [
      code`app: ${settingText(configuration.app)}`,
      code`delivery: ${literal(delivery)}`,
      code`commitIntervalMs: ${numberLiteral(commitIntervalMs)}`,
      code`partitions: ${numberLiteral(partitions)}`,
      code`replicas: ${numberLiteral(replicas)}`,
      code`topics: ${object(
        Object.entries(topics).map(
          ([name, topic]) => code`${propertyName(name)}: ${topicText(topic)}`,
        ),
      )}`,
    ],
    imports: file.imports.code(),
  };
  return { path: file.path, text: render("config", view) };
}

function settingText(setting: Setting): Code {
  if (typeof setting === "string") return literal(setting);
  const { env, otherwise } = setting;
  return object([
    code`env: ${literal(env)}`,
    ...(otherwise === undefined ? [] : [code`otherwise: ${literal(otherwise)}`]),
  ]);
}

function topicText({ name, partitions, replicas, config }: TopicConfig): Code {
  const number = (key: string, value: number | undefined): Code[] =>
    value === undefined ? [] : [code`${ident(key)}: ${numberLiteral(value)}`];
  return object([
    ...(name === undefined ? [] : [code`name: ${settingText(name)}`]),
    ...number("partitions", partitions),
    ...number("replicas", replicas),
    ...(config === undefined
      ? []
      : [
          code`config: ${object(
            Object.entries(config).map(
              ([key, value]) => code`${propertyName(key)}: ${literal(value)}`,
            ),
          )}`,
        ]),
  ]);
}
