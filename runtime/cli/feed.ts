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
  now(): number;
  /** Called with the timestamp of each record. */
  onTime?(timestamp: number): void;
  /** Called now and then with the records sent so far. */
  onProgress(records: number): void;
  /** When it is requested, the rest of the file is left. */
  readonly stop: StopSignal;
  /**
   * What becomes of the lines before one that cannot be used: nothing counts without all of them, or
   * they are sent.
   */
  readonly before: "void" | "sent";
}

/** Sends each line of a file to a topic and gives their number. Throws a `Refusal` with file and line. */
export async function feed(options: FeedOptions): Promise<number> {
  const { file, onProgress, stop, before } = options;
  const sender = new LineSender(options);
  try {
    await readLines(
      file,
      (line, number) => sender.add(line, number),
      async () => {
        await sender.send(file === "-" ? 0 : batchBytes);
        onProgress(sender.records);
        return !stop.isRequested;
      },
      stop.requested,
    );
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    if (before === "void") throw cause.adding("nothing was written");
    await sender.send(0);
    throw cause.adding(`the records before it are sent: ${sender.records}`);
  }
  await sender.send(0);
  onProgress(sender.records);
  return sender.records;
}

/** Gathers lines into batches, one a partition, and knows which lines are not certain to be sent. */
class LineSender {
  readonly #options: FeedOptions;
  readonly #batches: readonly BatchWriter[];
  /** The first line in each of them. */
  readonly #firstLines: number[];
  records = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { partitions } = options.topic;
    this.#batches = Array.from({ length: partitions }, () => new BatchWriter());
    this.#firstLines = Array.from({ length: partitions }, () => 0);
  }

  add(line: string, number: number): void {
    const { topic, file, now, onTime } = this.#options;
    try {
      const { partition, timestamp } = topic.append(line, this.#batches, now());
      if (this.#batches[partition]?.count === 1) this.#firstLines[partition] = number;
      onTime?.(timestamp);
    } catch (cause) {
      throw badLine({ place: `${file}:${number}`, line, topic }, cause);
    }
    this.records++;
  }

  /** Sends the batches of at least so many bytes. */
  async send(leastBytes: number): Promise<void> {
    const { producer, topic } = this.#options;
    for (const [partition, batch] of this.#batches.entries()) {
      if (batch.count === 0 || batch.sizeBytes < leastBytes) continue;
      try {
        await producer.send({ topic: topic.name, partition }, batch);
      } catch (cause) {
        throw this.#failed(cause);
      }
      batch.clear();
    }
  }

  #failed(cause: unknown): unknown {
    const { before, file } = this.#options;
    if (before === "void") return cause;
    const open = this.#firstLines.filter((_, partition) => this.#batches[partition]?.count !== 0);
    const first = Math.min(...open);
    const known = first <= 1 ? "no line is certain to be" : `the lines before ${first} are`;
    const message = `${file}: a batch was not acknowledged; ${known} sent, and others may be`;
    return new StreamgenError("SG8511", message, {}, cause);
  }
}

interface LinePlace {
  readonly place: string;
  readonly line: string;
  readonly topic: JsonTopic;
}

function badLine({ place, line, topic }: LinePlace, cause: unknown): unknown {
  if (cause instanceof SyntaxError) return noJson(place, line, cause);
  if (!(cause instanceof StreamgenError) || cause.code.startsWith("SG9")) return cause;
  const fix = cause instanceof Refusal ? cause.fix : fixOf(line, topic);
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
    ? "write one value per line, without the brackets and commas of a list"
    : "write one JSON value per line";
  const reason = `the line is no JSON: ${reasonOf(cause)}`;
  return new Refusal("SG8504", `${place}: ${reason}`, { fix, exitCode: exitCode.badInput });
}
