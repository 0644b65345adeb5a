import { Node, SyntaxKind } from "ts-morph";
import { answerNotWritten, askTimeoutMissing } from "../diagnostics/asks.ts";
import { badCount } from "../diagnostics/topology.ts";
import type { ErrorPolicyModel } from "../model/error-policy.ts";
import type { KeyModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import type { Candidate } from "./candidates.ts";
import { policyOf } from "./error-policy.ts";
import { readKeyBy } from "./key.ts";
import { lanesMax } from "./lanes.ts";
import { pascal } from "./named.ts";
import { choiceOption, noOptions, numberOption, type Options, readOptions } from "./options.ts";
import { internalTopic } from "./own-topic.ts";
import type { Reading } from "./reading.ts";
import { noBindings, resolve, type Written } from "./resolve.ts";
import type { ReadTrigger } from "./trigger.ts";
import { inline } from "./where.ts";

const optionNames = ["keyBy", "format", "reply", "concurrency", "onError"];

/** A function that answers questions, which are records of a topic of its own. */
export function readAsk(reading: Reading, candidate: Candidate): ReadTrigger | undefined {
  const { name, trigger } = candidate;
  const [first, second] = trigger.arguments;
  const options = readOptions(reading, second, { allowed: optionNames, of: "Ask" }) ?? noOptions;
  const questions = first && readQuestions(reading, first, options, candidate);
  const answer = readAnswer(reading, candidate);
  if (questions === undefined || answer === undefined) return undefined;
  const span = reading.place(trigger.place);
  if (reading.options.askTimeoutMs === undefined) reading.report(askTimeoutMissing(name, span));
  const lanes = readCount(reading, options, name);
  const isCommitted = choiceOption(reading, options, "reply", ["now", "committed"]) === "committed";
  return {
    model: {
      kind: "ask",
      topic: questions.name,
      ...(answer.type !== undefined && { answer: answer.type }),
      answers: answersTopic(reading, candidate).name,
      ...(isCommitted && { committed: true as const }),
      ...(lanes !== undefined && { lanes }),
    },
    onError: readPolicy(reading, options, { agent: name, sources: [questions] }),
    topics: [questions],
  };
}

/** A question that fails is answered all the same, so the ones behind it need not wait. */
function readPolicy(
  reading: Reading,
  options: Options,
  failing: Parameters<typeof policyOf>[2],
): ErrorPolicyModel {
  return options.has("onError") ? policyOf(reading, options, failing) : "skip";
}

function readQuestions(
  reading: Reading,
  written: Written,
  options: Options,
  { name, trigger }: Candidate,
): TopicModel | undefined {
  const alias = `${pascal(name)}Ask`;
  const subject = `a question to "${name}"`;
  const value = reading.readType(reading, written, {
    name: `${pascal(name)}Question`,
    fixedName: `${name}_question`,
    subject,
    namespace: reading.options.namespace,
    declaration: inline,
    optional: false,
    within: [],
  });
  const keyBy = options.get("keyBy");
  const owner = { subject, alias };
  const key: KeyModel | undefined =
    keyBy === undefined || value === undefined
      ? { kind: "none" }
      : readKeyBy(reading, { option: keyBy, options }, value, owner);
  if (value === undefined || key === undefined) return undefined;
  return internalTopic(reading, {
    name: `${reading.options.app}-${name}-ask`,
    alias,
    value,
    key,
    format: choiceOption(reading, options, "format", ["avro", "json"]) ?? "avro",
    internal: "questions",
    // Questions stay until they are handled: those that were cast are as old as the records that led to them.
    retentionMs: -1,
    span: reading.place(trigger.place),
  });
}

/** Longer than anybody waits for an answer. */
const answersRetentionMs = 3_600_000;

/** The one topic of the app for all answers: what they are, whoever asks knows. */
const answersTopic = (reading: Reading, { trigger }: Candidate): TopicModel =>
  internalTopic(reading, {
    name: `${reading.options.app}-answers`,
    alias: "AskedAnswers",
    value: { kind: "bytes" },
    key: { kind: "none" },
    format: "bytes",
    internal: "answers",
    retentionMs: answersRetentionMs,
    span: reading.place(trigger.place),
  });

/** What the function returns, without its promise. `undefined` after a report. */
function readAnswer(
  reading: Reading,
  { fn, name, nameNode }: Candidate,
): { readonly type: TypeModel | undefined } | undefined {
  const node = fn.getReturnTypeNode();
  if (node === undefined) {
    reading.report(answerNotWritten(name, reading.place(nameNode)));
    return undefined;
  }
  const written = withoutPromise(reading, { node, bound: noBindings });
  const kind = resolve(reading, written).node.getKind();
  if (kind === SyntaxKind.VoidKeyword || kind === SyntaxKind.UndefinedKeyword) {
    return { type: undefined };
  }
  const type = reading.readType(reading, written, {
    name: `${pascal(name)}Answer`,
    fixedName: `${name}_answer`,
    subject: `the answer of "${name}"`,
    namespace: reading.options.namespace,
    declaration: inline,
    optional: false,
    within: [],
  });
  return type && { type };
}

function withoutPromise(reading: Reading, written: Written): Written {
  const type = resolve(reading, written);
  const [inner] = type.kind === "global" ? type.arguments : [];
  const isPromise = type.kind === "global" && /^Promise(?:Like)?$/.test(type.name);
  return isPromise && inner !== undefined ? inner : written;
}

/** Whether a function is to be awaited. */
export function isAwaited(reading: Reading, { fn }: Candidate): boolean {
  const node = fn.getReturnTypeNode();
  if (fn.isAsync() || node === undefined) return fn.isAsync();
  const written = { node, bound: noBindings };
  if (withoutPromise(reading, written) !== written) return true;
  const { node: meant, bound } = resolve(reading, written);
  if (!Node.isUnionTypeNode(meant)) return false;
  const parts = meant.getTypeNodes().map((part) => ({ node: part, bound }));
  return parts.some((part) => withoutPromise(reading, part) !== part);
}

function readCount(reading: Reading, options: Options, agent: string): number | undefined {
  const option = options.get("concurrency");
  const value = numberOption(reading, options, "concurrency");
  if (option === undefined || value === undefined) return undefined;
  if (Number.isInteger(value) && value >= 1 && value <= lanesMax) return value;
  const count = { name: "questions at once", value, max: lanesMax };
  reading.report(badCount(count, `agent "${agent}"`, reading.place(option.node)));
  return undefined;
}
