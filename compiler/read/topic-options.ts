import {
  badCount,
  badSpan,
  badTime,
  compactWithoutKey,
  formatDoesNotFit,
  optionNotLiteral,
  trustWithoutKeyBy,
} from "../diagnostics/topology.ts";
import type { FormatKind, KeyModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { findField } from "./key.ts";
import { readLiteral } from "./literal.ts";
import { choiceOption, flagOption, numberOption, type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { spanMs } from "./span.ts";

const formats: readonly FormatKind[] = [
  "avro",
  "single-object",
  "bare",
  "json",
  "string",
  "bytes",
  "int32",
  "int64",
  "float64",
];

/** The kinds of value that a format of Java's serializers can hold; others hold any. */
const held: Partial<Record<FormatKind, readonly TypeModel["kind"][]>> = {
  string: ["string", "uuid", "enum"],
  bytes: ["bytes"],
  int32: ["int"],
  int64: ["long", "safe-long"],
  float64: ["double"],
};

export function checkFormat(
  reading: Reading,
  options: Options,
  value: TypeModel,
  subject: string,
): FormatKind {
  const format = choiceOption(reading, options, "format", formats) ?? "avro";
  const option = options.get("format");
  const kinds = held[format];
  if (option !== undefined && kinds !== undefined && !kinds.includes(value.kind)) {
    reading.report(formatDoesNotFit(format, subject, reading.place(option.node)));
  }
  return format;
}

/** The event time: a field that always holds a moment. */
export function readTime(
  reading: Reading,
  options: Options,
  value: TypeModel,
  owner: { readonly subject: string; readonly alias: string },
): TopicModel["time"] {
  const option = options.get("time");
  const name = textOption(reading, options, "time");
  if (option === undefined || name === undefined) return undefined;
  const span = reading.place(option.node);
  const field = findField(reading, value, name, { owner, option, span });
  if (field === undefined) return undefined;
  const isDate = field.type.kind === "timestamp-date";
  if (isDate || field.type.kind === "timestamp-millis") return { field: name, isDate };
  reading.report(badTime(name, owner.subject, span, field.span));
  return undefined;
}

export function readCounts(
  reading: Reading,
  options: Options,
  subject: string,
): Pick<TopicModel, "partitions" | "replicas"> {
  const count = (name: string, max: number): number | undefined => {
    const value = numberOption(reading, options, name);
    const option = options.get(name);
    if (value === undefined || option === undefined) return undefined;
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    reading.report(badCount({ name, value, max }, subject, reading.place(option.node)));
    return undefined;
  };
  // Kafka's own limits: a broker holds some thousand partitions, a replica factor is 16 bits.
  const partitions = count("partitions", 100_000);
  const replicas = count("replicas", 32_767);
  return {
    ...(partitions !== undefined && { partitions }),
    ...(replicas !== undefined && { replicas }),
  };
}

/** How long records are kept, and how they are thinned out. */
export function readRecordSettings(
  reading: Reading,
  options: Options,
  topic: { readonly subject: string; readonly key: KeyModel },
): Pick<TopicModel, "retentionMs" | "cleanup" | "config"> {
  const retentionMs = readRetention(reading, options, topic.subject);
  const cleanup =
    choiceOption(reading, options, "cleanup", ["delete", "compact", "compact,delete"]) ?? "delete";
  const option = options.get("cleanup");
  if (option !== undefined && cleanup !== "delete" && topic.key.kind === "none") {
    reading.report(compactWithoutKey(topic.subject, reading.place(option.node)));
  }
  const trust = options.get("trustKey");
  const isUseful =
    (flagOption(reading, options, "external") || options.has("pattern")) &&
    ["field", "function"].includes(topic.key.kind);
  if (trust !== undefined && !isUseful) {
    reading.report(trustWithoutKeyBy(topic.subject, reading.place(trust.node)));
  }
  return {
    ...(retentionMs !== undefined && { retentionMs }),
    cleanup,
    config: readConfig(reading, options),
  };
}

function readRetention(reading: Reading, options: Options, subject: string): number | undefined {
  const text = textOption(reading, options, "retention");
  const option = options.get("retention");
  if (text === undefined || option === undefined) return undefined;
  if (text === "forever") return -1;
  const ms = spanMs(text);
  if (ms === undefined) reading.report(badSpan(text, subject, reading.place(option.node)));
  return ms;
}

function readConfig(reading: Reading, options: Options): Readonly<Record<string, string>> {
  const option = options.get("config");
  if (option === undefined) return {};
  const literal = readLiteral(reading, option.type);
  const entries = literal?.kind === "object" ? [...literal.entries] : [];
  const texts = entries.flatMap(([name, value]): [string, string][] =>
    value.kind === "text" ? [[name, value.value]] : [],
  );
  if (literal?.kind !== "object" || texts.length < entries.length) {
    reading.report(optionNotLiteral("config", "texts by name", reading.place(option.node)));
  }
  return Object.fromEntries(texts);
}
