import type { Program } from "../model/program.ts";
import { isInternal } from "../model/topic-kinds.ts";
import { topicsWritten } from "../model/topics-written.ts";
import type { KeyModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import {
  type Code,
  call,
  code,
  doc,
  ident,
  literal,
  member,
  numberLiteral,
  object,
} from "./code.ts";
import { keyCodecText, valueCodecText } from "./codec-text.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import { lowerFirst, shortName, topicName } from "./names.ts";
import type { OutputFile } from "./output-file.ts";
import { place } from "./place.ts";
import { render, type View } from "./render.ts";
import { typeText } from "./type-text.ts";

/** `topics.ts`: a constant for each topic. */
export function emitTopics(context: EmitContext): OutputFile {
  const file = new GeneratedFile(
    "topics.ts",
    context,
    context.program.topics.map(({ alias }) => topicName(alias)),
  );
  const intermediate = intermediateTopics(context.program);
  const topics = context.program.topics.map((topic) =>
    topicView(file, topic, intermediate.has(topic.name)),
  );
  return {
    path: file.path,
    text: render("topics", { header: header(), topics, imports: file.imports.code() }),
  };
}

/** Topics that are neither input nor output: agents write them, and agents read them. */
function intermediateTopics({ topics, agents, groups }: Program): ReadonlySet<string> {
  const read = new Set(groups.flatMap((group) => group.topics));
  const written = new Set(agents.flatMap(topicsWritten));
  const between = topics.filter(
    ({ name, external, repartitionOf }) =>
      read.has(name) && written.has(name) && !external && repartitionOf === undefined,
  );
  return new Set(between.map(({ name }) => name));
}

function topicView(file: GeneratedFile, topic: TopicModel, isIntermediate: boolean): View {
  return {
    doc: doc(place(topic)),
    name: ident(topicName(topic.alias)),
    type: code`${file.runtimeType("TopicSpec")}<${keyType(file, topic.key)}, ${typeText(file, topic.value)}>`,
    entries: entries(file, topic, isIntermediate),
  };
}

/** The entries of a `TopicSpec`; what is as it is for most topics is left out. */
function entries(file: GeneratedFile, topic: TopicModel, isIntermediate: boolean): Code[] {
  const value = valueName(topic.value);
  const list: (Code | undefined)[] = [
    code`name: ${literal(topic.name)}`,
    code`key: ${topic.key.kind === "none" ? file.codecs("nullKey") : keyCodecText(file, topic.key.type)}`,
    code`value: ${formatText(file, topic)}`,
    keyOf(file, topic.key, value),
    topic.time &&
      code`timeOf: (${value}) => ${value}${member(topic.time.field)}${topic.time.isDate ? code`.getTime()` : code``}`,
    numberEntry("partitions", topic.partitions),
    numberEntry("replicas", topic.replicas),
    numberEntry("retentionMs", topic.retentionMs),
    topic.cleanup === "delete" ? undefined : code`cleanup: ${literal(topic.cleanup)}`,
    configEntry(topic.config),
    topic.external ? code`external: true` : undefined,
    topic.pattern === undefined ? undefined : code`pattern: ${literal(topic.pattern)}`,
    topic.external && hasKeyOf(topic.key) && !topic.trustKey ? code`checkKey: true` : undefined,
    isIntermediate ? code`intermediate: true` : undefined,
    topic.repartitionOf === undefined
      ? undefined
      : code`repartitionOf: ${literal(topic.repartitionOf)}`,
    ...internalEntries(file.program, topic),
  ];
  return list.filter((entry) => entry !== undefined);
}

/** What is said of the topics of questions and answers, and of joins' own. */
function internalEntries(
  { groups, topics }: Program,
  { internal, name }: TopicModel,
): readonly Code[] {
  if (internal === undefined) return [];
  const entry = code`internal: ${literal(internal)}`;
  const group = groups.find((each) => each.topics.includes(name));
  // What they hold reaches the tasks that have the rows.
  const isOwn = (topic: string) => topics.some((each) => each.name === topic && isInternal(each));
  const other = group?.topics.find((topic) => !isOwn(topic));
  return other === undefined ? [entry] : [entry, code`partitionsOf: ${literal(other)}`];
}

export const keyType = (file: GeneratedFile, key: KeyModel): Code =>
  key.kind === "none" ? code`null` : typeText(file, key.type);

const hasKeyOf = (key: KeyModel): boolean => key.kind === "field" || key.kind === "function";

function keyOf(file: GeneratedFile, key: KeyModel, value: Code): Code | undefined {
  if (key.kind === "field") return code`keyOf: (${value}) => ${value}${member(key.field)}`;
  return key.kind === "function" ? code`keyOf: ${file.userFunction(key.function)}` : undefined;
}

/** What generated functions call a value of this type. */
export function valueName(type: TypeModel): Code {
  return type.kind === "record" ? ident(`${lowerFirst(shortName(type.name))}`) : code`value`;
}

function formatText(file: GeneratedFile, topic: TopicModel): Code {
  const { format } = topic;
  switch (format) {
    case "avro":
    case "bare":
    case "json":
      return call(file.codecs(format), [valueCodecText(file, topic)]);
    case "single-object":
      return call(file.codecs("singleObject"), [valueCodecText(file, topic)]);
    default:
      return file.codecs(`${format}Format`);
  }
}

const numberEntry = (name: string, value: number | undefined): Code | undefined =>
  value === undefined ? undefined : code`${ident(name)}: ${numberLiteral(value)}`;

function configEntry(config: Readonly<Record<string, string>>): Code | undefined {
  const settings = Object.entries(config);
  if (settings.length === 0) return undefined;
  return code`config: ${object(settings.map(([name, value]) => code`${literal(name)}: ${literal(value)}`))}`;
}
