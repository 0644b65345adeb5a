import { logCode, logError } from "../codes.ts";
import type { ProducerIdentity } from "./stored-batch.ts";

/** Kafka remembers as many batches per producer, since as many may be on their way at once. */
const rememberedMax = 5;

interface Sent {
  readonly sequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  epoch: number;
  next: number;
  readonly last: Sent[];
}

/** Tells the repetition of a request from a new one: what makes a producer idempotent. */
export class Sequences {
  readonly #stateById = new Map<number, ProducerState>();

  /** The offset that a batch with this sequence was given before, if it was. */
  repeated(producer: ProducerIdentity, sequence: number): number | undefined {
    const state = this.#state(producer);
    const before = state.last.find((sent) => sent.sequence === sequence);
    if (before === undefined && sequence !== state.next) {
      throw logError(
        logCode.misuse,
        `a batch has sequence ${sequence}, but ${state.next} is the producer's next one`,
      );
    }
    return before?.baseOffset;
  }

  add(producer: ProducerIdentity, sent: Sent & { readonly count: number }): void {
    const state = this.#state(producer);
    state.next = sent.sequence + sent.count;
    state.last.push({ sequence: sent.sequence, baseOffset: sent.baseOffset });
    if (state.last.length > rememberedMax) state.last.shift();
  }

  /** A producer's sequences begin at 0 with each epoch. */
  #state({ producerId, epoch }: ProducerIdentity): ProducerState {
    const known = this.#stateById.get(producerId);
    if (known?.epoch === epoch) return known;
    const state: ProducerState = { epoch, next: 0, last: [] };
    this.#stateById.set(producerId, state);
    return state;
  }
}
