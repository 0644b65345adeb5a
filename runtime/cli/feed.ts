import { StreamgenError } from "../errors.ts";
import { BatchWriter } from "../log/batch-writer.ts";
import type { Producer } from "../log/log.ts";
import { exitCode } from "./exit-code.ts";
import { type JsonTopic, looksLikeEnvelope } from "./json-topic.ts";
import { readLines } from "./lines.ts";
import { Refusal, reasonOf } from "./refusal.ts";
import type { StopSignal } from "./stop-signal.ts";

/** A batch is sent when it holds this much. */
const batchBytes = 256 * 1024;

export interface FeedOptions {
  readonly producer: Producer;
  readonly topic: JsonTopic;
  readonly file: string;
  /** The timestamp of records that say none. */
  readonly now: number;
  /** Called now and then with the records sent so far. */
  onProgress(records: number): void;
  /** When it is requested, the rest of the file is left. */
  readonly stop: StopSignal;
}

/** Sends each line of a file to a topic and gives their number. Throws a `Refusal` with file and line. */
export async function feed({
  producer,
  topic,
  file,
  now,
  onProgress,
  stop,
}: FeedOptions): Promise<number> {
  const batches = Array.from({ length: topic.partitions }, () => new BatchWriter());
  let records = 0;
  const send = async (leastBytes: number): Promise<void> => {
    for (const [partition, batch] of batches.entries()) {
      if (batch.count === 0 || batch.sizeBytes < leastBytes) continue;
      await producer.send({ topic: topic.name, partition }, batch);
      batch.clear();
    }
  };
  const onLine = (line: string, number: number): void => {
    try {
      topic.append(line, batches, now);
    } catch (cause) {
      throw badLine({ place: `${file}:${number}`, line, topic }, cause);
    }
    records++;
  };
  await readLines(file, onLine, async () => {
    await send(batchBytes);
    onProgress(records);
    return !stop.isRequested;
  });
  await send(0);
  return records;
}

interface LinePlace {
  readonly place: string;
  readonly line: string;
  readonly topic: JsonTopic;
}

function badLine({ place, line, topic }: LinePlace, cause: unknown): unknown {
  if (cause instanceof SyntaxError) return noJson(place, line, cause);
  if (!(cause instanceof StreamgenError) || cause.code.startsWith("SG9")) return cause;
  const fix = cause instanceof Refusal ? cause.fix : `${fixOf(line, topic)}; nothing was written`;
  return new Refusal("SG8504", `${place}: ${reasonOf(cause)}`, {
    fix,
    exitCode: exitCode.badInput,
  });
}

/** What to do about a line that is JSON of the wrong form. */
function fixOf(line: string, { hasEnvelope }: JsonTopic): string {
  if (hasEnvelope) {
    return 'correct the line: --envelope expects {"key","value","timestamp","headers"}, and values alone go without it';
  }
  if (!looksLikeEnvelope(line)) return "correct the line";
  return "pass --envelope, as the line has its key, timestamp or headers beside the value";
}

function noJson(place: string, line: string, cause: SyntaxError): Refusal {
  const isList = place.endsWith(":1") && line.startsWith("[");
  const fix = isList
    ? "write one value per line, without the brackets and commas of a list; nothing was written"
    : "write one JSON value per line; nothing was written";
  const reason = `the line is no JSON: ${reasonOf(cause)}`;
  return new Refusal("SG8504", `${place}: ${reason}`, { fix, exitCode: exitCode.badInput });
}
