import { deadLetterOfChange } from "../diagnostics/changes.ts";
import {
  deadLetterCompacted,
  deadLetterDoesNotFit,
  deadLetterOfItself,
  deadLetterOfNoRecord,
  deadLetterUnread,
} from "../diagnostics/errors.ts";
import type { DeadLetterModel } from "../model/error-policy.ts";
import type { Span } from "../model/span.ts";
import type { TopicModel } from "../model/topology.ts";
import type { Reading } from "./reading.ts";
import type { Resolved } from "./resolve.ts";
import { readTopic } from "./topic.ts";

/** Whose records, or ticks, fail. */
export interface Failing {
  readonly agent: string;
  /** The declared topics that are read; none where what fails is no record. */
  readonly sources: readonly TopicModel[];
  /** Only what could be decoded is put aside. */
  readonly isReadable?: true;
  /** The tables whose changes it gets instead. */
  readonly changesOf?: readonly string[];
  /** What fails, where that is no record: "a tick". */
  readonly what?: string;
}

/** `DeadLetter<T>`; `undefined` after a report. */
export function readDeadLetter(
  reading: Reading,
  { arguments: [written], node }: Resolved & { kind: "library" },
  { agent, changesOf = [], sources, isReadable, what }: Failing,
): DeadLetterModel | undefined {
  const span = reading.place(node);
  const [table] = changesOf;
  if (table !== undefined) {
    reading.report(deadLetterOfChange(agent, table, span));
    return undefined;
  }
  if (what !== undefined) {
    reading.report(deadLetterOfNoRecord(agent, what, span));
    return undefined;
  }
  const topic = written && readTopic(reading, written, "DeadLetter");
  if (topic === undefined) return undefined;
  if (sources.some(({ name }) => name === topic.name)) {
    reading.report(deadLetterOfItself(agent, topic.name, span));
    return undefined;
  }
  for (const source of sources) checkFit(reading, topic, source, span);
  if (topic.cleanup !== "delete") {
    reading.report(deadLetterCompacted(topic.name, span, topic.span));
  }
  if (isReadable !== true && topic.format !== "bytes" && !reading.deadLetters.has(topic.name)) {
    reading.deadLetters.set(topic.name, { agent, span });
  }
  return { deadLetter: topic.name };
}

/** Whoever reads values that others could not decode has to say what happens then. */
export function checkReader(reading: Reading, { agent, sources }: Failing, span: Span): void {
  reading.later.push(() => {
    for (const { name: topic } of sources) {
      const written = reading.deadLetters.get(topic);
      if (written === undefined) continue;
      const reader = { agent, topic, writer: written.agent };
      reading.report(deadLetterUnread(reader, span, written.span));
    }
  });
}

/** A dead letter is the source's bytes, whatever the topic's own type and format say. */
function checkFit(reading: Reading, topic: TopicModel, source: TopicModel, span: Span): void {
  const misfit = misfitOf(topic, source);
  if (misfit === undefined) return;
  const topics = { to: topic.name, from: source.name };
  reading.report(deadLetterDoesNotFit(topics, misfit, span, topic.span));
}

function misfitOf(
  topic: TopicModel,
  source: TopicModel,
): { readonly problem: string; readonly remedy: string } | undefined {
  const asBytes = '{ value: Uint8Array; format: "bytes" }';
  if (
    topic.value.kind === "bytes" &&
    topic.format !== "bytes" &&
    !isSame(topic.value, source.value)
  ) {
    return {
      problem: `its bytes have the format "${topic.format}", and dead letters have none`,
      remedy: 'add format: "bytes"',
    };
  }
  if (topic.format !== "bytes" && !isSame(topic.value, source.value)) {
    return {
      problem: "its values have another type",
      remedy: `give it the same value, or make it ${asBytes}`,
    };
  }
  if (topic.format !== "bytes" && topic.format !== source.format) {
    return {
      problem: `its values have the format "${topic.format}", not "${source.format}"`,
      remedy: `write format: "${source.format}", or make it ${asBytes}`,
    };
  }
  return keyMisfit(topic, source);
}

/** Keys are read by whoever asks an event for its own. */
function keyMisfit({ key }: TopicModel, source: TopicModel): ReturnType<typeof misfitOf> {
  if (key.kind === "none" || key.type.kind === "bytes") return undefined;
  if (source.key.kind !== "none" && isSame(key.type, source.key.type)) return undefined;
  return {
    problem: "its keys have another type",
    remedy: "give it the same key, or none",
  };
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
