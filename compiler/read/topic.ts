import { type InterfaceDeclaration, Node } from "ts-morph";
import { channelHere } from "../diagnostics/channels.ts";
import { topicTwice } from "../diagnostics/names.ts";
import {
  interfaceTopic,
  nameNotLiteral,
  notATopic,
  optionMissing,
  severalTopics,
} from "../diagnostics/topology.ts";
import type { KeyModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { docOf } from "./doc.ts";
import { readFormerName } from "./former-name.ts";
import { readTopicKey } from "./key.ts";
import { readLiteral } from "./literal.ts";
import { pascal } from "./named.ts";
import { flagOption, type Options, readOptions } from "./options.ts";
import { readPattern } from "./pattern.ts";
import type { Reading } from "./reading.ts";
import { type Bindings, type Resolved, resolve, resolveQuietly, type Written } from "./resolve.ts";
import { checkTopicName } from "./topic-name.ts";
import { checkFormat, readCounts, readRecordSettings, readTime } from "./topic-options.ts";
import { inline } from "./where.ts";

const topicOptions = [
  "value",
  "key",
  "keyBy",
  "time",
  "partitions",
  "replicas",
  "retention",
  "cleanup",
  "format",
  "external",
  "pattern",
  "trustKey",
  "config",
  "was",
];

/** Reads the one topic that a type names, and remembers it. `undefined` after a report. */
export function readTopic(
  reading: Reading,
  written: Written,
  user: string,
): TopicModel | undefined {
  const type = resolve(reading, written);
  const span = reading.place(written.node);
  if (type.kind === "library" && type.name === "Topic") return readTopicType(reading, type);
  if (type.kind === "unresolved") return undefined;
  if (type.kind === "library" && type.name === "Channel") {
    reading.report(channelHere(user, written.node.getText(), span));
  } else if (Node.isUnionTypeNode(type.node)) reading.report(severalTopics(user, span));
  else if (type.kind === "interface" && extendsTopic(reading, type)) {
    const name = type.declaration.getName();
    reading.report(interfaceTopic(name, reading.place(type.declaration.getNameNode())));
  } else reading.report(notATopic(written.node.getText(), user, span));
  return undefined;
}

/** `interface Orders extends Topic<…>`: compiles, and loses its name. */
export const extendsTopic = (
  reading: Reading,
  type: { readonly declaration: InterfaceDeclaration; readonly bound: Bindings },
): boolean =>
  type.declaration.getExtends().some((base) => {
    const target = resolveQuietly(reading, { node: base, bound: type.bound });
    return target.kind === "library" && target.name === "Topic";
  });

/** The alias that names a topic or table: the innermost one that takes no parameters. */
export function aliasOf(
  type: Resolved,
  name: string,
): { readonly alias: string; readonly doc?: string; readonly node: Node } {
  const step = type.aliases.findLast((one) => one.declaration.getTypeParameters().length === 0);
  if (step === undefined) return { alias: pascal(name), node: type.place };
  const doc = docOf(step.declaration);
  const alias = step.declaration.getName();
  return { alias, node: step.declaration.getNameNode(), ...(doc !== undefined && { doc }) };
}

export function readTopicType(
  reading: Reading,
  type: Resolved & { kind: "library" },
): TopicModel | undefined {
  const [first, second] = type.arguments;
  const literal = first && readLiteral(reading, first);
  if (literal?.kind !== "text") {
    reading.report(nameNotLiteral("topic", reading.place(first?.node ?? type.node)));
    return undefined;
  }
  const name = literal.value;
  const subject = `topic "${name}"`;
  checkTopicName(reading, name, first?.node ?? type.node);
  const options = readOptions(reading, second, { allowed: topicOptions, of: subject });
  if (options === undefined) return undefined;
  const { alias, doc, node } = aliasOf(type, name);
  const value = readTopicValue(reading, options, {
    subject,
    alias,
    place: second?.node ?? type.node,
  });
  if (value === undefined) return undefined;
  const key = readTopicKey(reading, options, value, { subject, alias });
  if (key === undefined) return undefined;
  const about = { name, alias, ...(doc !== undefined && { doc }), span: reading.place(node) };
  return remember(reading, assemble(reading, options, { about, value, key, subject }));
}

function assemble(
  reading: Reading,
  options: Options,
  parts: {
    readonly about: Pick<TopicModel, "name" | "alias" | "doc" | "span">;
    readonly value: TypeModel;
    readonly key: KeyModel;
    readonly subject: string;
  },
): TopicModel {
  const { about, value, key, subject } = parts;
  const time = readTime(reading, options, value, { subject, alias: about.alias });
  const { span, ...names } = about;
  return {
    ...names,
    value,
    valueDeclaration:
      value.kind === "record" ? reading.named.records.get(value.name)?.declaration : undefined,
    key,
    format: checkFormat(reading, options, value, subject),
    ...(time !== undefined && { time }),
    ...readFormerName(reading, options),
    ...readCounts(reading, options, subject),
    ...readRecordSettings(reading, options, { subject, key }),
    external: flagOption(reading, options, "external"),
    ...readPattern(reading, options, about.name),
    trustKey: flagOption(reading, options, "trustKey"),
    span,
  };
}

function readTopicValue(
  reading: Reading,
  options: Options,
  topic: { readonly subject: string; readonly alias: string; readonly place: Node },
): TypeModel | undefined {
  const option = options.get("value");
  if (option === undefined) {
    reading.report(optionMissing("value", topic.subject, reading.place(topic.place)));
    return undefined;
  }
  return reading.readType(reading, option.type, {
    name: `${topic.alias}Value`,
    fixedName: `${topic.alias}_value`,
    subject: `the value of ${topic.subject}`,
    namespace: reading.options.namespace,
    declaration: inline,
    optional: false,
    within: [],
  });
}

/** One name is one topic: the first declaration holds, and another one must say the same. */
function remember(reading: Reading, topic: TopicModel): TopicModel {
  const known = reading.topics.get(topic.name);
  if (known === undefined) {
    reading.topics.set(topic.name, topic);
    return topic;
  }
  if (sameShape(known) !== sameShape(topic)) {
    reading.report(topicTwice(topic.name, topic.span, known.span));
  }
  return known;
}

const sameShape = ({ alias, doc, span, ...shape }: TopicModel): string => JSON.stringify(shape);
