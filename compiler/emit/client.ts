import { type AskModel, isAsk } from "../model/asks.ts";
import { isInternal } from "../model/topic-kinds.ts";
import type { TopicModel } from "../model/topology.ts";
import { answerType, askText } from "./asks.ts";
import { type Code, call, code, doc, ident } from "./code.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import { lowerFirst, topicName } from "./names.ts";
import type { OutputFile } from "./output-file.ts";
import { render, type View } from "./render.ts";
import { topicOf } from "./topic-of.ts";
import { keyType } from "./topics.ts";
import { typeText } from "./type-text.ts";

/** `client.ts`: typed producers, readers and askers, for programs that are no workers. */
export function emitClient(context: EmitContext): OutputFile {
  const topics = context.program.topics.filter((topic) => !isInternal(topic));
  const asks = context.program.agents.filter(isAsk);
  const reports = context.program.topics.filter(({ internal }) => internal === "reports");
  const declared = [
    ...topics.flatMap((topic) => [producerName(topic), readerName(topic)]),
    ...asks.map(askerName),
    ...reports.map(readerName),
  ];
  const file = new GeneratedFile("client.ts", context, declared);
  const view = {
    header: header(),
    topics: topics.map((topic) => clientView(file, topic)),
    asks: asks.map((ask) => askerView(file, ask)),
    reports: reports.map((topic) => reportsView(file, topic)),
    imports: file.imports.code(),
  };
  return { path: file.path, text: render("client", view) };
}

const producerName = ({ alias }: TopicModel): string => `${lowerFirst(alias)}Producer`;
const readerName = ({ alias }: TopicModel): string => `${lowerFirst(alias)}Reader`;

function clientView(file: GeneratedFile, topic: TopicModel): View {
  const types = code`${keyType(file, topic.key)}, ${typeText(file, topic.value)}`;
  const constant = file.generated("topics.ts", topicName(topic.alias));
  const settings = code`{ ${file.generated("config.ts", "config")}, ...settings }`;
  const producer = code`${file.runtimeType("TopicProducer")}<${types}>`;
  const record = code`${file.runtimeType("TopicRecord")}<${types}>`;
  return {
    producerDoc: doc(`Sends to "${topic.name}". Resolves when the topic was found.`),
    producer: signature(file, producerName(topic), code`Promise<${producer}>`),
    createProducer: call(file.runtime("createProducer"), [constant, settings]),
    readerDoc: doc(`Reads what "${topic.name}" holds now, from its beginning to its end.`),
    reader: signature(file, readerName(topic), code`AsyncIterable<${record}>`),
    readTopic: call(file.runtime("readTopic"), [constant, settings]),
  };
}

function reportsView(file: GeneratedFile, topic: TopicModel): View {
  const constant = file.generated("topics.ts", topicName(topic.alias));
  const settings = code`{ ${file.generated("config.ts", "config")}, ...settings }`;
  const result = code`AsyncIterable<${file.runtimeType("CheckReport")}>`;
  return {
    doc: doc("Reads what live checks have reported until now."),
    reader: signature(file, readerName(topic), result),
    readReports: call(file.runtime("readReports"), [constant, settings]),
  };
}

const askerName = ({ name }: AskModel): string => `${lowerFirst(name)}Asker`;

function askerView(file: GeneratedFile, ask: AskModel): View {
  const questions = topicOf(file, ask.trigger.topic);
  const types = code`${typeText(file, questions.value)}, ${answerType(file, ask)}`;
  const asker = code`${file.runtimeType("Asker")}<${types}>`;
  const settings = code`{ ${file.generated("config.ts", "config")}, ...settings }`;
  return {
    doc: doc(`Asks ${ask.name}, wherever it runs. Resolves when its topics were found.`),
    asker: signature(file, askerName(ask), code`Promise<${asker}>`),
    createAsker: call(file.runtime("createAsker"), [askText(file, ask.name), settings]),
  };
}

function signature(file: GeneratedFile, name: string, result: Code): Code {
  const parameter = code`settings: ${file.runtimeType("ClientSettings")}`;
  return code`${call(code`export function ${ident(name)}`, [parameter])}: ${result} {`;
}
