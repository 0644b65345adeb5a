import type { BoundFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { learning } from "../../codec/unknown-writer.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { BatchWriter } from "../../log/batch-writer.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import type { Span } from "../../span.ts";
import { spanMs } from "../../stream/span.ts";
import type { Asked } from "./asked.ts";
import type { Asking, FoundTopic } from "./asking.ts";
import { readToldError } from "./errors.ts";
import type { Mailbox } from "./mailbox.ts";
import {
  errorHeader,
  questionMarks,
  type ReturnAddress,
  readTexts,
  writeReturnAddress,
} from "./return-address.ts";
import type { AskSpec } from "./spec.ts";

export interface AskCall {
  /** Instead of the configuration's `askTimeoutMs`. */
  readonly timeout?: Span;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

export interface QuestionPort<Q, A> {
  readonly asking: Asking;
  readonly questions: BoundFormat<Q>;
  readonly answers: BoundFormat<A>;
  /** Adds the headers of what is being handled, but for some. */
  carry?(batch: BatchWriter, isLeftOut: (name: string) => boolean): void;
  /** Told of every wait. */
  readonly asked?: Asked;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** The time that questions are given. */
  readonly now: () => number;
}

const errorHeaders: ReadonlySet<string> = new Set([errorHeader]);

/** Encodes the questions to one function, sends them at once and takes their answers. */
export class QuestionSender<K, Q, A> {
  readonly #ask: AskSpec<K, Q, A>;
  readonly #port: QuestionPort<Q, A>;
  readonly #topic: FoundTopic;
  readonly #key = new Writer(64);

  constructor(ask: AskSpec<K, Q, A>, port: QuestionPort<Q, A>) {
    this.#ask = ask;
    this.#port = port;
    this.#topic = port.asking.port.find(ask.questions);
    port.asking.mailbox(ask.answers);
  }

  async ask(question: Q, call: AskCall = {}, stop?: AbortSignal): Promise<A> {
    const { asked, asking, signal } = this.#port;
    const { answers, name } = this.#ask;
    const given = call.timeout === undefined ? undefined : spanMs(call.timeout, "timeout");
    const timeoutMs = asking.timeoutMs(given, name);
    const mailbox = asking.mailbox(answers);
    const signals = [signal, call.signal, stop].filter((each) => each !== undefined);
    asked?.begin();
    try {
      return await new Promise<A>((resolve, reject) => {
        const address = mailbox.expect({
          ...{ name, timeoutMs, signals },
          answered: (cursor) => this.#read(cursor).then(resolve, reject),
          failed: reject,
        });
        this.#post(question, address, mailbox).catch(address.fail);
      });
    } finally {
      asked?.end();
    }
  }

  /** The question is encoded before this returns. */
  async #post(question: Q, address: ReturnAddress, mailbox: Mailbox): Promise<void> {
    const { partition, parcel } = this.#parcel(question, address);
    if (!mailbox.isOpen) await mailbox.open();
    await this.#send(partition, parcel);
  }

  /** Asks, and wants no answer. Resolves when the log has the question. */
  async send(question: Q): Promise<void> {
    const { partition, parcel } = this.#parcel(question, undefined);
    await this.#send(partition, parcel);
  }

  /** The question as one record: what becomes of the value afterwards is nothing to it. */
  #parcel(
    question: Q,
    address: ReturnAddress | undefined,
  ): { readonly partition: number; readonly parcel: BatchWriter } {
    const { questions: topic } = this.#ask;
    const { asking, now, questions } = this.#port;
    const { partitions, recordMaxBytes } = this.#topic;
    const parcel = new BatchWriter();
    const key = this.#key;
    key.truncate(0);
    const hasKey = topic.keyOf !== undefined && !topic.key.isNull;
    if (topic.keyOf !== undefined && hasKey) topic.key.write(key, topic.keyOf(question));
    const out = hasKey
      ? parcel.begin(now(), key.bytes, 0, key.position)
      : parcel.begin(now(), null);
    questions.write(out, question);
    this.#port.carry?.(parcel, questionMarks.isLeftOut);
    if (address !== undefined) writeReturnAddress(parcel, address);
    parcel.end();
    if (parcel.sizeBytes > recordMaxBytes) {
      throw new StreamgenError(
        "SG8012",
        `a question of ${parcel.sizeBytes} bytes is larger than topic "${topic.name}" takes: ` +
          `${recordMaxBytes}; ask for less, or set its max.message.bytes`,
      );
    }
    const partition = hasKey
      ? partitionOfKey(key.bytes, partitions, 0, key.position)
      : asking.nextPartition(partitions);
    return { partition, parcel };
  }

  #send(partition: number, parcel: BatchWriter): Promise<void> {
    return this.#port.asking.sender.send({ topic: this.#topic.name, partition }, (batch) => {
      const cursor = parcel.cursor();
      while (cursor.next()) batch.forward(cursor);
    });
  }

  async #read(cursor: BatchCursor): Promise<A> {
    const { answers } = this.#port;
    const error =
      cursor.headerCount > 0 ? readTexts(cursor, errorHeaders).get(errorHeader) : undefined;
    if (error !== undefined) throw readToldError(this.#ask.name, error);
    // A schema may have to be fetched first, and the record is gone by then.
    const { bytes, valueEnd, valueStart } = cursor;
    const value = Buffer.from(bytes.subarray(Math.max(0, valueStart), Math.max(0, valueEnd)));
    const reader = new Reader();
    return await learning(answers, () => {
      reader.reset(value, 0, value.length);
      return answers.read(reader);
    });
  }
}
