import type { ClientHandle, MapCall } from "../../worker/rpc/client-handle.ts";
import { inOrder } from "../../worker/rpc/in-order.ts";
import type { AskCall } from "../../worker/rpc/question-sender.ts";

/** Stands for a `Client`: it calls the function itself, and knows no time limits. */
export class FakeClient<Q, A> implements ClientHandle<Q, A> {
  /** The questions of `ask` and `map`, in order. */
  readonly asked: Q[] = [];
  /** The questions of `cast`, which the function is not called with. */
  readonly casts: Q[] = [];
  readonly #answer: (question: Q) => A | PromiseLike<A>;

  constructor(answer: (question: Q) => A | PromiseLike<A>) {
    this.#answer = answer;
  }

  readonly ask = async (question: Q, { signal }: AskCall = {}): Promise<A> => {
    signal?.throwIfAborted();
    this.asked.push(question);
    return await this.#answer(question);
  };

  readonly cast = (question: Q): void => void this.casts.push(question);

  map(questions: Iterable<Q> | AsyncIterable<Q>, options: MapCall = {}): AsyncIterable<A> {
    const { atOnce, ...call } = options;
    return inOrder(questions, (question) => this.ask(question, call), atOnce);
  }
}

/** Asks `fn` with these resources: `client(price, prices)` asks `price(question, prices)`. */
export function client<Q, R extends readonly unknown[], A>(
  fn: (question: Q, ...resources: R) => A | PromiseLike<A>,
  ...resources: R
): FakeClient<Q, A> {
  return new FakeClient((question: Q) => fn(question, ...resources));
}
