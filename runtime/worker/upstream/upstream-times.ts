import type { TimeMarker } from "./time-marker.ts";
import { readTimes, writeTimes } from "./times-text.ts";

/** What one partition of a source has told. */
export interface ToldTime {
  /** Minus infinity before anything was told. */
  readonly time: number;
  readonly isIdle: boolean;
}

const untold: ToldTime = { time: Number.NEGATIVE_INFINITY, isIdle: false };

/**
 * How far the partitions of a repartition's source have come, as one partition of the repartition topic
 * was told: as of now and of the task's commits. The slowest of them that is not idle holds back stream
 * time, so that its records are not late because others were faster.
 */
export class UpstreamTimes {
  readonly #partitions: number;
  #now: readonly ToldTime[] = [];
  #sealed: readonly ToldTime[] = [];
  #committed: readonly ToldTime[] = [];
  #slowest = Number.NEGATIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  /** How many the source has. */
  constructor(partitions: number) {
    this.#partitions = partitions;
    this.begin(undefined);
  }

  /** The time of the slowest that is not idle; infinity where all are. */
  get slowest(): number {
    return this.#slowest;
  }

  /** The highest time that any has told; minus infinity before. */
  get highest(): number {
    return this.#highest;
  }

  tell({ partition, time, isIdle }: TimeMarker): void {
    const known = this.#now[partition] ?? untold;
    // One that was started anew may tell less than before.
    const told = { time: Math.max(known.time, time), isIdle };
    if (told.time === known.time && isIdle === known.isIdle) return;
    // The source may have got more partitions since this worker was started.
    const length = Math.max(this.#now.length, partition + 1);
    const at = (each: number): ToldTime => this.#now[each] ?? untold;
    this.#set(Array.from({ length }, (_, each) => (each === partition ? told : at(each))));
  }

  /** Starts with what a commit says; `undefined`: nothing was told. */
  begin(text: string | undefined): void {
    const known = text === undefined ? [] : readTimes(text);
    this.#committed = Array.from({ length: this.#partitions }, (_, each) => known[each] ?? untold);
    this.rewind();
  }

  seal(): void {
    this.#sealed = this.#now;
  }

  /** What is sealed as a text of at most so many characters. */
  sealedText(roomMax: number): string {
    return writeTimes(this.#sealed, roomMax);
  }

  acknowledge(): void {
    this.#committed = this.#sealed;
  }

  rewind(): void {
    this.#sealed = this.#committed;
    this.#set(this.#committed);
  }

  #set(times: readonly ToldTime[]): void {
    this.#now = times;
    this.#slowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    for (const { time, isIdle } of times) {
      if (!isIdle && time < this.#slowest) this.#slowest = time;
      if (time > this.#highest) this.#highest = time;
    }
  }
}
