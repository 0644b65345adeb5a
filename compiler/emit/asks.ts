import { type AskModel, isAsk } from "../model/asks.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";
import { type Code, call, code, doc, ident, literal } from "./code.ts";
import { valueCodecText } from "./codec-text.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import { lowerFirst, topicName, upperFirst } from "./names.ts";
import type { OutputFile } from "./output-file.ts";
import { place } from "./place.ts";
import { render, type View } from "./render.ts";
import { topicOf } from "./topic-of.ts";
import { keyType } from "./topics.ts";
import { typeText } from "./type-text.ts";

const asksFile = "asks.ts";

/** `asks.ts`: a constant for each function that answers questions; no file without any. */
export function emitAsks(context: EmitContext): readonly OutputFile[] {
  const asks = context.program.agents.filter(isAsk);
  if (asks.length === 0) return [];
  const file = new GeneratedFile(asksFile, context, asks.map(askWord));
  const views = asks.map((ask) => askView(file, ask));
  const view = { header: header(), asks: views, imports: file.imports.code() };
  return [{ path: file.path, text: render("asks", view) }];
}

function askView(file: GeneratedFile, ask: AskModel): View {
  const { topic, answers } = ask.trigger;
  return {
    doc: doc(place(ask)),
    name: ident(askWord(ask)),
    type: code`${file.runtimeType("AskSpec")}<${askTypes(file, ask)}>`,
    entries: [
      code`name: ${literal(ask.name)}`,
      code`questions: ${topicConstant(file, topicOf(file, topic))}`,
      code`answer: ${answerFormat(file, ask)}`,
      code`answers: ${topicConstant(file, topicOf(file, answers))}`,
    ],
  };
}

/** Key, question and answer. */
export function askTypes(file: GeneratedFile, ask: AskModel): Code {
  const questions = topicOf(file, ask.trigger.topic);
  return code`${keyType(file, questions.key)}, ${typeText(file, questions.value)}, ${answerType(file, ask)}`;
}

export const answerType = (file: GeneratedFile, { trigger }: AskModel): Code =>
  trigger.answer === undefined ? code`void` : typeText(file, trigger.answer);

function answerFormat(file: GeneratedFile, ask: AskModel): Code {
  const { answer: value, topic } = ask.trigger;
  if (value === undefined) return file.runtime("noAnswer");
  const format = topicOf(file, topic).format === "json" ? "json" : "avro";
  return call(file.codecs(format), [valueCodecText(file, { alias: answerAlias(ask), value })]);
}

/** What an answer is called that is no record. */
export const answerAlias = ({ name }: AgentModel): string => `${upperFirst(name)}Answer`;

const topicConstant = (file: GeneratedFile, topic: TopicModel): Code =>
  file.generated("topics.ts", topicName(topic.alias));

export const askWord = ({ name }: AgentModel): string => `${lowerFirst(name)}Ask`;

/** The constant of a function that is asked, imported. */
export const askText = (file: GeneratedFile, asked: string): Code =>
  file.generated(asksFile, `${lowerFirst(asked)}Ask`);
