import { StreamgenError } from "../../errors.ts";
import type { ManualEvent } from "../../stream/event.ts";
import type { GoneIn, KeyIn, NameIn, ValueIn } from "./declared.ts";
import { FakeSink } from "./fake-sink.ts";

/** What an event shows beside its value; what a test leaves out is zero or empty. */
export interface Place<K, Topic> {
  readonly topic?: Topic;
  readonly key?: K;
  readonly timestamp?: number | Date;
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
  readonly partition?: number;
  readonly offset?: bigint;
}

/** The place of a topic's records. */
export type PlaceIn<T> = Place<KeyIn<T>, NameIn<T>>;

/** What a function has done with its event. */
export type Outcome =
  | { readonly kind: "reject"; readonly reason: string }
  | { readonly kind: "nack"; readonly delay: string }
  | { readonly kind: "forward"; readonly to: object }
  | { readonly kind: "ack" };

export type FakeEvent<K, V, Topic extends string, Gone = never> = ManualEvent<K, V, Topic, Gone> & {
  /** What was called last; `undefined` where nothing was. */
  readonly outcome: Outcome | undefined;
};

/** One record as `Event<T>` shows it. A key or topic that is read has to be given. */
export function event<T>(
  value: ValueIn<T> | GoneIn<T>,
  place: PlaceIn<T> = {},
): FakeEvent<KeyIn<T>, ValueIn<T>, NameIn<T>, GoneIn<T>> {
  return makeFake(value, place);
}

export function makeFake<K, V, Topic extends string, Gone = never>(
  value: V | Gone,
  place: Place<K, Topic>,
): FakeEvent<K, V, Topic, Gone> {
  const { timestamp = 0, headers = {}, partition = 0, offset = 0n } = place;
  let outcome: Outcome | undefined;
  return {
    get topic() {
      return given("topic", place.topic);
    },
    get key() {
      return given("key", place.key);
    },
    get outcome() {
      return outcome;
    },
    ...{ value, partition, offset },
    timestamp: timestamp instanceof Date ? timestamp.getTime() : timestamp,
    headers: new Map(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    reject(reason) {
      outcome = { kind: "reject", reason };
    },
    nack(delay = "1s") {
      outcome = { kind: "nack", delay };
    },
    ack() {
      outcome = { kind: "ack" };
    },
    forward(to) {
      outcome = { kind: "forward", to };
      if (to instanceof FakeSink) to.send(value);
    },
  };
}

function given<P>(name: string, part: P | undefined): P {
  if (part !== undefined) return part;
  throw new StreamgenError(
    "SG8704",
    `the function reads its event's ${name}: give it, as in event(value, { ${name}: … })`,
  );
}
