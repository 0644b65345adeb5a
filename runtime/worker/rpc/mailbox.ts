import type { Clock, Timer } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { isLogError, logCode } from "../../log/codes.ts";
import type { FetchedBatch, Fetcher, Log, TopicPartition } from "../../log/log.ts";
import { untilAnswered, type Waits } from "../outage/retry.ts";
import { onAbort } from "./aborts.ts";
import { idHeader, type ReturnAddress, readTexts } from "./return-address.ts";

/** Questions that wait for their answers at once. */
const waitingMax = 10_000;
const pollMs = 500;

export interface MailboxPort {
  readonly log: Log;
  readonly clock: Clock;
  readonly waits: Waits;
  /** Unlike that of every other asker, also of one that had its name before. */
  readonly id: string;
  /** The partition in which it looks for answers; others may have theirs there, too. */
  readonly place: TopicPartition;
  readonly count: (name: string) => void;
  /** Called where it cannot go on. */
  readonly failed: (error: unknown) => void;
}

/** What is waited for, and until when. */
export interface Expected {
  /** The function that is asked. */
  readonly name: string;
  readonly timeoutMs: number;
  /** Each of them ends the wait. */
  readonly signals: readonly AbortSignal[];
  /** Called with the answer's record, which stays as it is during the call only. */
  answered(cursor: BatchCursor): void;
  failed(error: unknown): void;
}

interface Waiting extends Expected {
  /** Takes back its timer and what listens to its signals. */
  end(): void;
}

/**
 * The questions of one worker that wait for answers. All askers of an app share one topic; each reads
 * one of its partitions, from where that ends when it begins, and passes over what is not for it.
 */
export class Mailbox {
  readonly #port: MailboxPort;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #opening: Promise<void> | undefined;
  #fetcher: Fetcher | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Whether answers that come from now on are seen. */
  isOpen = false;

  constructor(port: MailboxPort) {
    this.#port = port;
  }

  /** How many questions wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when answers are looked for. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Waits for an answer to the address that it gives. Throws SG8903 where too many do. */
  expect(expected: Expected): ReturnAddress & { readonly fail: (error: unknown) => void } {
    const { clock, id, place } = this.#port;
    const { name, signals, timeoutMs } = expected;
    if (this.#isClosed) throw over(name);
    if (this.#waiting.size >= waitingMax) {
      throw new StreamgenError(
        "SG8903",
        `${waitingMax} questions wait for their answers: ask fewer at once, such as by map`,
        { agent: name },
      );
    }
    this.#last += 1;
    const number = this.#last;
    const fail = (error: unknown) => this.#take(number)?.failed(error);
    const timer: Timer = clock.timer(timeoutMs, () => fail(late(name, timeoutMs)));
    const stops: (() => void)[] = [];
    const end = () => {
      timer.cancel();
      for (const stop of stops) stop();
    };
    this.#waiting.set(number, { ...expected, end });
    for (const signal of signals) stops.push(onAbort(signal, () => fail(given(signal, name))));
    return { ...place, id: `${id}/${number}`, fail };
  }

  /** Rejects what waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const number of [...this.#waiting.keys()]) {
      const waiting = this.#take(number);
      waiting?.failed(over(waiting.name));
    }
    await this.#opening?.catch(() => undefined);
    await this.#fetcher?.close();
    await this.#reading;
  }

  #take(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(number);
    waiting.end();
    return waiting;
  }

  async #open(): Promise<void> {
    const { failed, log } = this.#port;
    this.#fetcher = await log.fetcher();
    await this.#seekEnd(this.#fetcher);
    this.isOpen = true;
    this.#reading = this.#read(this.#fetcher).catch((error: unknown) => {
      if (!this.#isClosed) failed(error);
    });
  }

  async #seekEnd(fetcher: Fetcher): Promise<void> {
    const { log, place } = this.#port;
    const [range] = await log.offsets([place]);
    fetcher.seek(place, range?.end ?? 0);
  }

  async #read(fetcher: Fetcher): Promise<void> {
    while (!this.#isClosed) {
      for (const batch of await this.#poll(fetcher)) {
        const cursor = batch.cursor();
        while (cursor.next()) this.#deliver(cursor);
      }
    }
  }

  async #poll(fetcher: Fetcher): Promise<readonly FetchedBatch[]> {
    try {
      return await untilAnswered(this.#port.waits, async () =>
        this.#isClosed ? [] : await fetcher.poll(pollMs),
      );
    } catch (error) {
      if (!isLogError(error, logCode.outOfRange)) throw error;
      // It was away for so long that what it has missed is deleted: nobody waits for that any more.
      await this.#seekEnd(fetcher);
      return [];
    }
  }

  #deliver(cursor: BatchCursor): void {
    const id = readTexts(cursor, ids).get(idHeader);
    const prefix = `${this.#port.id}/`;
    if (id === undefined || !id.startsWith(prefix)) return;
    const waiting = this.#take(Number(id.slice(prefix.length)));
    if (waiting === undefined) this.#port.count("lateAnswers");
    else waiting.answered(cursor);
  }
}

const ids: ReadonlySet<string> = new Set([idHeader]);

const late = (agent: string, timeoutMs: number): StreamgenError =>
  new StreamgenError("SG8902", `"${agent}" did not answer within ${timeoutMs} ms`, { agent });

const over = (agent: string): StreamgenError =>
  new StreamgenError("SG8905", `the worker stops: no answer of "${agent}" is waited for`, {
    agent,
  });

/** A signal has ended the wait: what it says is told as it is. */
function given(signal: AbortSignal, agent: string): unknown {
  const { reason } = signal;
  if (reason instanceof StreamgenError) return reason;
  return new StreamgenError(
    "SG8906",
    `the answer of "${agent}" is not waited for any more: its signal was aborted`,
    { agent },
    reason,
  );
}
