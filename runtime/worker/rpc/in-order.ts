import { checkCount } from "../../stream/span.ts";

const atOnceDefault = 100;

/**
 * The answers in the order of the questions, up to `atOnce` of which wait at once. Ends with the first
 * that fails; whoever takes no more gives up the others: `stop` is aborted then.
 */
export async function* inOrder<Q, A>(
  questions: Iterable<Q> | AsyncIterable<Q>,
  ask: (question: Q, stop: AbortSignal) => Promise<A>,
  atOnce: number = atOnceDefault,
): AsyncGenerator<A> {
  checkCount(atOnce, "atOnce");
  const given = iteratorOf(questions);
  const stop = new AbortController();
  const waiting: Promise<A>[] = [];
  let next: Promise<IteratorResult<Q>> | undefined;
  let isOver = false;
  try {
    while (!isOver || waiting.length > 0) {
      if (!isOver && waiting.length < atOnce) next ??= quietly(given.next());
      const [first] = waiting;
      // A question that is there is asked before an answer is waited for.
      const isQuestion = await whichFirst(next, first);
      if (isQuestion && next !== undefined) {
        const { done, value } = await next;
        next = undefined;
        if (done === true) isOver = true;
        else waiting.push(quietly(ask(value, stop.signal)));
      } else if (first !== undefined) {
        const answer = await first;
        waiting.shift();
        yield answer;
      }
    }
  } finally {
    stop.abort();
    if (!isOver) await given.return?.();
  }
}

/** Its failure is told where it is awaited, in its turn. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Whether the next question is there before the first answer. */
async function whichFirst(
  question: Promise<unknown> | undefined,
  answer: Promise<unknown> | undefined,
): Promise<boolean> {
  const always = (is: boolean) => () => is;
  const given = question?.then(always(true), always(true));
  const answered = answer?.then(always(false), always(false));
  return await Promise.race([given, answered].filter((each) => each !== undefined));
}

function iteratorOf<Q>(questions: Iterable<Q> | AsyncIterable<Q>): AsyncIterator<Q> {
  if (Symbol.asyncIterator in questions) return questions[Symbol.asyncIterator]();
  const iterator = questions[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}
