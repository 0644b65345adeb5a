import type { Configuration } from "../config/configuration.ts";
import type { TopicModel } from "../model/topology.ts";
import {
  assignment,
  type Code,
  code,
  literal,
  numberLiteral,
  object,
  propertyName,
} from "./code.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import type { OutputFile } from "./output-file.ts";
import { render } from "./render.ts";

/**
 * `config.ts`: the configuration as data, so that a worker never loads the project's own. Settings from
 * the environment and from files stay markers; no secret is written.
 */
export function emitConfig(context: EmitContext, configuration: Configuration): OutputFile {
  const file = new GeneratedFile("config.ts", context);
  const { app, delivery, commitIntervalMs, partitions, replicas } = configuration;
  const topics = withFormerNames(configuration.topics, context.program.topics);
  const { askTimeoutMs, kafka, registry, state } = configuration;
  const settings = { app, delivery, commitIntervalMs, askTimeoutMs, partitions, replicas, topics };
  const view = {
    header: header(configuration.file),
    type: file.runtimeType("WorkerConfig"),
    entries: entriesOf({ ...settings, kafka, registry, state }),
    imports: file.imports.code(),
  };
  return { path: file.path, text: render("config", view) };
}

/** Topics that Kafka knows by their former names, unless the configuration says another one. */
function withFormerNames(
  configured: Configuration["topics"],
  topics: readonly TopicModel[],
): Configuration["topics"] {
  const former = topics.flatMap(({ name, was }) =>
    was === undefined ? [] : [[name, { name: was, ...configured[name] }] as const],
  );
  return { ...configured, ...Object.fromEntries(former) };
}

/** What a checked configuration is made of. */
type Data = string | number | boolean | object;

/** What is left out stays out. */
function entriesOf(data: object): readonly Code[] {
  const entries: [string, Data | undefined][] = Object.entries(data);
  return entries.flatMap(([name, value]) =>
    value === undefined ? [] : [assignment(code`${propertyName(name)}:`, dataText(value))],
  );
}

function dataText(data: Data): Code {
  switch (typeof data) {
    case "string":
      return literal(data);
    case "number":
      return numberLiteral(data);
    case "boolean":
      return data ? code`true` : code`false`;
    default:
      return object(entriesOf(data));
  }
}
