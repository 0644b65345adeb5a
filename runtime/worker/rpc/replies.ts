import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { BatchWriter } from "../../log/batch-writer.ts";
import type { TopicDeclaration } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { FoundTopic } from "./asking.ts";
import { toldError } from "./errors.ts";
import { errorHeader, idHeader, type ReturnAddress, readReturnAddress } from "./return-address.ts";
import type { Answer } from "./spec.ts";

/** Sends the answers of one function: at once, or with the commit of the task. */
export class Replies {
  readonly #core: WorkerCore;
  readonly #own: FoundTopic;
  readonly #isCommitted: boolean;

  /** `answers` is the app's own topic for them. */
  constructor(core: WorkerCore, answers: TopicDeclaration, isCommitted: boolean) {
    this.#core = core;
    this.#own = core.services.asking.port.find(answers);
    this.#isCommitted = isCommitted;
  }

  /**
   * Answers a question. `core` is where the function has run. Throws where the answer cannot be written;
   * gives what to wait for where more answers are on their way than is good.
   */
  answer(address: ReturnAddress, answer: Answer, core: WorkerCore): Promise<void> | undefined {
    const now = core.services.clock.now();
    if (address.isFaust === true) {
      const text = JSON.stringify(faustAnswer(address, answer));
      return this.#send(address, (batch) => {
        batch.begin(now, null).append(Buffer.from(text));
        batch.end();
      });
    }
    const write = (batch: BatchWriter) => {
      answer.write(batch.begin(now, null));
      batch.header(names.id, Buffer.from(address.id));
      batch.end();
    };
    if (!this.#isCommitted || !this.#isOwn(address)) return this.#send(address, write);
    const { name, ...bounds } = this.#own;
    this.#whole(core.outbox.topic(name, bounds).batch(address.partition), write);
    return undefined;
  }

  /** What to wait for before further questions are taken: more answers are on their way than is good. */
  room(): Promise<void> | undefined {
    const { sender } = this.#core.services.asking;
    return sender.isFull ? sender.room() : undefined;
  }

  /** Tells whoever asked what went wrong. */
  refuse(cursor: BatchCursor, error: unknown): void {
    const address = readReturnAddress(cursor);
    // Faust knows no answer that is an error: whoever asked there waits in vain, as with Faust itself.
    if (address === undefined || address.isFaust === true) return;
    const told = Buffer.from(JSON.stringify(toldError(error)));
    const now = this.#core.services.clock.now();
    this.#send(address, (batch) => {
      batch.begin(now, null);
      batch.tombstone();
      batch.header(names.id, Buffer.from(address.id));
      batch.header(names.error, told);
      batch.end();
    });
  }

  #isOwn({ topic, partition }: ReturnAddress): boolean {
    const { name, partitions } = this.#own;
    const isThere = Number.isInteger(partition) && partition >= 0 && partition < partitions;
    return topic === name && isThere;
  }

  #send(address: ReturnAddress, write: (batch: BatchWriter) => void): Promise<void> | undefined {
    const { sender } = this.#core.services.asking;
    const { topic, partition } = address;
    const place = { topic, partition };
    if (this.#isOwn(address)) {
      const sent = sender.send(place, (batch) => this.#whole(batch, write));
      sent.catch((error: unknown) => this.#lost(address, error));
    } else {
      const parcel = new BatchWriter();
      this.#whole(parcel, write);
      this.#sendAbroad(address, parcel).catch((error: unknown) => this.#lost(address, error));
    }
    return this.room();
  }

  /** To a topic that only the question names. */
  async #sendAbroad(address: ReturnAddress, parcel: BatchWriter): Promise<void> {
    const { asking } = this.#core.services;
    if (!(await asking.exists(address))) {
      throw new StreamgenError("SG8907", "there is no such topic or partition");
    }
    const { topic, partition } = address;
    await asking.sender.send({ topic, partition }, (batch) => {
      const cursor = parcel.cursor();
      while (cursor.next()) batch.forward(cursor);
    });
  }

  /** Adds one record. Throws SG8012 for a larger one than the topic takes. */
  #whole(batch: BatchWriter, write: (batch: BatchWriter) => void): void {
    const { name, recordMaxBytes } = this.#own;
    const mark = batch.mark();
    write(batch);
    const sizeBytes = batch.mark() - mark;
    if (sizeBytes <= recordMaxBytes) return;
    batch.rewind(mark);
    throw new StreamgenError(
      "SG8012",
      `an answer of ${sizeBytes} bytes is larger than topic "${name}" takes: ${recordMaxBytes}; ` +
        "answer less, or set its max.message.bytes",
    );
  }

  #lost({ topic, partition }: ReturnAddress, error: unknown): void {
    const { logger, signals } = this.#core.services;
    const reason = error instanceof Error ? error.message : String(error);
    signals.count("lostAnswers");
    logger.warn("an answer could not be sent", { topic, partition, reason });
  }
}

const names = { id: Buffer.from(idHeader), error: Buffer.from(errorHeader) };

/** An answer as Faust's own agents give it. */
const faustAnswer = ({ id }: ReturnAddress, answer: Answer): object => ({
  key: null,
  value: answer.toJson(),
  correlation_id: id,
  __faust: { ns: "@ReqRepResponse" },
});
