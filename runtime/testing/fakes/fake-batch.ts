import type { KeyIn, NameIn, ValueIn } from "./declared.ts";
import { type FakeEvent, makeFake, type PlaceIn } from "./fake-event.ts";

/** What a `Batch` with `events: true` is called with. Without it, a batch is an array of values. */
export function batch<T>(
  values: Iterable<ValueIn<T>>,
  place: (value: ValueIn<T>, index: number) => PlaceIn<T> = () => ({}),
): readonly FakeEvent<KeyIn<T>, ValueIn<T>, NameIn<T>>[] {
  return [...values].map((value, index) =>
    makeFake(value, { offset: BigInt(index), ...place(value, index) }),
  );
}
