import { named } from "../failures/named-error.ts";
import type { Services } from "../services/services.ts";
import type { OpenTable } from "./open-table.ts";

/** What is flushed of a table. */
type Flushed = Pick<OpenTable, "rows" | "end" | "expiry">;

/** Bytes of rows, over all tables of the process, at which those of a task go to their stores. */
const flushBytesMax = 64 * 1024 * 1024;
const flushMs = 30_000;
/** Into so many parts that time is divided among tasks. */
const turns = 16;
/** Flushes of a task that are under way at a time: what they carry is held in memory twice. */
const flightsMax = 2;

/** How far a task's inputs are, as of its last commit. */
export interface CommittedPlace {
  readonly sourceOffsets: Readonly<Record<string, number>>;
  readonly streamTime: number;
}

/**
 * Writes what a task has committed to its stores: whole commits, each table as one batch. Processing
 * goes on meanwhile. A store that cannot be written stops the worker; what is committed is in the
 * changelog.
 */
export class Flusher {
  readonly #services: Services;
  readonly #tables: readonly Flushed[];
  #flushedAt: number;
  #flights = 0;
  #flushing: Promise<void> = Promise.resolve();

  /** `partition` is the task's: of many tasks, a few at a time are due. */
  constructor(services: Services, partition: number, tables: readonly Flushed[]) {
    this.#services = services;
    this.#tables = tables;
    this.#flushedAt = services.clock.now() - ((partition % turns) * flushMs) / turns;
  }

  /** Begins a flush if it is time for one. Of several tasks, one brings the memory below its bound. */
  flushIfDue(place: CommittedPlace): void {
    const { cache, clock, failed } = this.#services;
    const isEmpty = this.#tables.every(({ rows }) => rows.unflushedBytes === 0);
    if (isEmpty || this.#flights >= flightsMax) return;
    const bytesMax = Math.min(flushBytesMax, cache.limitBytes / 2);
    const isDue = cache.unflushedBytes >= bytesMax || clock.now() - this.#flushedAt >= flushMs;
    if (isDue) this.flush(place).catch(failed);
  }

  /** Resolves when all that is committed by now is in the stores. Throws SG7040. */
  flush(place: CommittedPlace): Promise<void> {
    const now = this.#services.clock.now();
    this.#flushedAt = now;
    this.#flights += 1;
    // Every batch is made at once: what is committed later belongs to the next checkpoint.
    const flights = this.#tables.map((table) => flushTable(table, place, now));
    const flight = Promise.all(flights).then(
      () => undefined,
      (error: unknown) => {
        throw named(error, "SG7040", "tables cannot be written to their stores");
      },
    );
    const done = flight.finally(() => {
      this.#flights -= 1;
    });
    this.#flushing = Promise.all([this.#flushing, done]).then(() => undefined);
    // Whoever asked is told; this one is for `settled`.
    this.#flushing.catch(() => undefined);
    return done;
  }

  /** Resolves when no flush is under way, whatever became of it. */
  async settled(): Promise<void> {
    await this.#flushing.catch(() => undefined);
  }
}

async function flushTable(
  { rows, end, expiry }: Flushed,
  place: CommittedPlace,
  wallTimeMs: number,
): Promise<void> {
  const isNews = rows.unflushedBytes > 0 || rows.checkpoint?.changelogOffset !== end;
  if (isNews) await rows.flush({ ...place, changelogOffset: end, wallTimeMs });
  await expiry?.discard(place.streamTime);
}
