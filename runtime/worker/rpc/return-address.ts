import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";
import type { HeaderMarks } from "../tasks/moment.ts";

/** Where the answer to a question goes. */
export interface ReturnAddress {
  /** The topic's name in the log. */
  readonly topic: string;
  readonly partition: number;
  /** Comes back with the answer. */
  readonly id: string;
  /** Whoever asked is a program of Faust's, and reads answers as Faust writes them. */
  readonly isFaust?: true;
}

const topicHeader = "sg-reply-to";
const partitionHeader = "sg-reply-partition";
export const idHeader = "sg-correlation-id";
export const errorHeader = "sg-error";
const faustTopicHeader = "Faust-Ag-ReplyTo";
const faustIdHeader = "Faust-Ag-CorrelationId";

const returnHeaders: ReadonlySet<string> = new Set([
  topicHeader,
  partitionHeader,
  idHeader,
  errorHeader,
  faustTopicHeader,
  faustIdHeader,
]);

/** What says where an answer goes belongs to the question alone: it is not carried over to outputs. */
export const questionMarks: HeaderMarks = {
  isLeftOut: (name) => returnHeaders.has(name),
  added: [],
};

/** Adds to the open record where its answer goes. */
export function writeReturnAddress(
  batch: BatchWriter,
  { topic, partition, id }: ReturnAddress,
): void {
  batch.header(Buffer.from(topicHeader), Buffer.from(topic));
  batch.header(Buffer.from(partitionHeader), Buffer.from(String(partition)));
  batch.header(Buffer.from(idHeader), Buffer.from(id));
}

/** Where the record that `cursor` stands on wants its answer; `undefined` where it wants none. */
export function readReturnAddress(cursor: BatchCursor): ReturnAddress | undefined {
  if (cursor.headerCount === 0) return undefined;
  const texts = readTexts(cursor, returnHeaders);
  const topic = texts.get(topicHeader);
  const id = texts.get(idHeader);
  if (topic !== undefined && id !== undefined) {
    const partition = Number(texts.get(partitionHeader) ?? "0");
    return { topic, partition, id };
  }
  const faustTopic = texts.get(faustTopicHeader);
  const faustId = texts.get(faustIdHeader);
  if (faustTopic === undefined || faustId === undefined) return undefined;
  return { topic: faustTopic, partition: 0, id: faustId, isFaust: true };
}

/** The values of some of a record's headers, as texts; of those that repeat, the last. */
export function readTexts(
  cursor: BatchCursor,
  names: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const { bytes } = cursor;
  cursor.resetHeaders();
  while (cursor.nextHeader()) {
    const { headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = cursor;
    const name = bytes.toString("utf8", headerNameStart, headerNameEnd);
    if (!names.has(name) || headerValueStart < 0) continue;
    texts.set(name, bytes.toString("utf8", headerValueStart, headerValueEnd));
  }
  return texts;
}
