import type { Stream } from "../../stream/event.ts";
import { type Flow, flow } from "../../stream/flow.ts";
import type { KeyIn, NameIn, ValueIn } from "./declared.ts";
import { type FakeEvent, makeFake, type PlaceIn } from "./fake-event.ts";
import { FakePace } from "./fake-pace.ts";

export type FakeStream<T> = Stream<KeyIn<T>, ValueIn<T>, NameIn<T>> & {
  /** The events that were taken from it, with their outcomes. */
  readonly taken: readonly FakeEvent<KeyIn<T>, ValueIn<T>, NameIn<T>>[];
};

/** A stream of values, with all its operators. `place` says what events show beside the value. */
export function stream<T>(
  values: Iterable<ValueIn<T>>,
  place: (value: ValueIn<T>, index: number) => PlaceIn<T> = () => ({}),
): FakeStream<T> {
  const all = [...values];
  const pace = new FakePace();
  type Taken = FakeEvent<KeyIn<T>, ValueIn<T>, NameIn<T>>;
  const taken: Taken[] = [];
  const events = (): Flow<Taken> =>
    flow(async function* () {
      for (const [index, value] of all.entries()) {
        const one: Taken = makeFake(value, { offset: BigInt(index), ...place(value, index) });
        taken.push(one);
        yield one;
      }
      await pace.end();
    }, pace);
  const plain = flow(async function* () {
    yield* all;
    await pace.end();
  }, pace);
  return {
    [Symbol.asyncIterator]: () => plain[Symbol.asyncIterator](),
    filter: plain.filter.bind(plain),
    map: plain.map.bind(plain),
    flatMap: plain.flatMap.bind(plain),
    take: plain.take.bind(plain),
    enumerate: plain.enumerate.bind(plain),
    rateLimit: plain.rateLimit.bind(plain),
    peek: plain.peek.bind(plain),
    events,
    items: () => events().map(({ key, value }) => [key, value]),
    taken,
  };
}
