import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Worker,
} from "node:worker_threads";
import { StreamgenError } from "../../errors.ts";
import type { Answers, Call, Kind, Reply, Request, ThreadPlan } from "./messages.ts";
import { startThread } from "./start-thread.ts";

type Waiting = {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: StreamgenError) => void;
};

/** RocksDB itself may hold a read up while it has too much to write. */
const defaultAnswerMaxMs = 5000;

/** The store thread, as the thread sees it whose tables it keeps. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #warn: (message: string) => void;
  readonly #answerMaxMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: StreamgenError | undefined;

  /** `answerMaxMs` is how long `askNow` waits. */
  constructor(
    plan: Omit<ThreadPlan, "port" | "signal">,
    warn: (message: string) => void,
    answerMaxMs: number = defaultAnswerMaxMs,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    this.#warn = warn;
    this.#answerMaxMs = answerMaxMs;
    const workerData: ThreadPlan = { ...plan, port: port2, signal: this.#signal };
    this.#worker = startThread("thread", import.meta.url, { workerData, transferList: [port2] });
    this.#worker.on("message", (reply: Reply) => this.#receive(reply));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(undefined));
    this.#worker.unref();
  }

  /** Asks, and goes on. A process does not end while an answer is outstanding. */
  async ask<K extends Kind>(
    request: Request & { readonly kind: K },
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answers[K]> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#post(request, transfer, false);
    const reply = new Promise<Reply>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    );
    if (this.#waiting.size === 1) this.#worker.ref();
    try {
      return this.#open(await reply);
    } finally {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#worker.unref();
    }
  }

  /** Asks, and stops this thread until the answer is there. Throws SG7015 where it takes too long. */
  askNow<K extends Kind>(request: Request & { readonly kind: K }): Answers[K] {
    if (this.#ended !== undefined) throw this.#ended;
    const end = performance.now() + this.#answerMaxMs;
    let seen = Atomics.load(this.#signal, 0);
    const id = this.#post(request, [], true);
    for (;;) {
      Atomics.wait(this.#signal, 0, seen, Math.max(0, end - performance.now()));
      seen = Atomics.load(this.#signal, 0);
      // An answer to an earlier call, which came too late, may lie before this one's.
      for (let next = receiveMessageOnPort(this.#port); next !== undefined; ) {
        const reply: Reply = next.message;
        if (reply.id === id) return this.#open(reply);
        next = receiveMessageOnPort(this.#port);
      }
      if (performance.now() >= end) throw slow(this.#answerMaxMs);
    }
  }

  /** Ends the thread. Calls that are outstanding are rejected. */
  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }

  #post(request: Request, transfer: readonly ArrayBuffer[], isAwaited: boolean): number {
    this.#lastId += 1;
    const call: Call = { id: this.#lastId, isAwaited, request };
    this.#worker.postMessage(call, transfer);
    return call.id;
  }

  #receive(reply: Reply): void {
    this.#waiting.get(reply.id)?.resolve(reply);
  }

  #open<K extends Kind>({ answer, failure, warnings }: Reply): Answers[K] {
    for (const warning of warnings) this.#warn(warning);
    if (failure !== undefined) {
      throw new StreamgenError(failure.code, failure.message, failure.place);
    }
    // The server answers each kind of request with its own: `StoreServer.answer`.
    return answer as Answers[K];
  }

  #end(cause: Error | undefined): void {
    this.#ended ??=
      cause instanceof StreamgenError
        ? cause
        : new StreamgenError("SG7018", "the store thread has ended", {}, cause);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
  }
}

function slow(answerMaxMs: number): StreamgenError {
  const message =
    `the store gave no answer for ${answerMaxMs / 1000} s: the disk is slow or stuck, or more threads ` +
    "need libuv's pool at a time than it has (UV_THREADPOOL_SIZE)";
  return new StreamgenError("SG7015", message);
}
