import type { BatchCursor } from "../../log/batch-cursor.ts";
import type {
  CommittedOffset,
  DeletedOffset,
  FetchedBatch,
  TopicPartition,
} from "../../log/log.ts";
import type { AgentPlaces } from "../sources/agent-places.ts";
import type { Beginning } from "../sources/beginning.ts";
import type { SourceDriver } from "../sources/source-driver.ts";
import { readTimeMarker, type TimeMarker } from "../upstream/time-marker.ts";
import type { TimeTeller } from "../upstream/time-teller.ts";
import type { UpstreamTimes } from "../upstream/upstream-times.ts";
import type { Moment } from "./moment.ts";

export interface InputOptions {
  /** The topic is streamgen's own, and nobody else reads it: what is committed may go. */
  readonly isSpent?: boolean;
  /** Where a group without offsets begins; with the first record without it. */
  readonly beginning?: Beginning | undefined;
  /** What the partitions of the topic's source tell, where somebody needs to know. */
  readonly upstream?: UpstreamTimes | undefined;
  /** Tells repartition topics how far the input is. */
  readonly teller?: TimeTeller | undefined;
  /** Its records have no event time. */
  readonly isTimeless?: boolean;
  /** Called when a record that had to wait can be loaded. */
  readonly wake?: () => void;
}

/**
 * One partition that a task reads: what is fetched of it, and how far it is processed. Positions are
 * the next offset: `committed` as of the last commit that is known, `sealed` as of the last that was
 * begun, `position` as of now.
 */
export class Input implements TopicPartition {
  /** The topic's name in the log. */
  readonly topic: string;
  readonly partition: number;
  readonly driver: SourceDriver;
  readonly beginning: Beginning | undefined;
  readonly upstream: UpstreamTimes | undefined;
  readonly teller: TimeTeller | undefined;
  /** Under the cursor, in place of a record. */
  marker: TimeMarker | undefined;
  /** Its records have no event time, and go first: what tables have changed, and what joins tell. */
  readonly isTimeless: boolean;
  position = 0;
  sealed = 0;
  committed = 0;
  /** Of the agents of the sealed and of the committed offset, where some are behind others. */
  #sealedPlaces: AgentPlaces | undefined;
  #committedPlaces: AgentPlaces | undefined;
  /** The partition's end, as the last fetch told it. */
  #end: number | undefined;
  readonly #isSpent: boolean;
  /** Where the next batch must start. */
  #fetched = 0;
  #batches: FetchedBatch[] = [];
  #cursor: BatchCursor | undefined;
  /** The event time of the record under the cursor, once it is loaded. */
  #time: number | undefined;
  /** What the record under the cursor waits for, before it is loaded again. */
  #waiting: Promise<void> | undefined;
  /** Whether the cursor stands on a record that is to be loaded again. */
  #isUnloaded = false;
  readonly #wake: () => void;

  constructor(place: TopicPartition, driver: SourceDriver, options: InputOptions = {}) {
    const { isTimeless = false, isSpent = false, wake = () => undefined } = options;
    this.topic = place.topic;
    this.partition = place.partition;
    this.driver = driver;
    this.beginning = options.beginning;
    this.upstream = options.upstream;
    this.teller = options.teller;
    this.isTimeless = isTimeless;
    this.#isSpent = isSpent;
    this.#wake = wake;
  }

  /** What nobody needs any more: the records of an internal topic that are committed. */
  get spent(): DeletedOffset | undefined {
    const { topic, partition, committed } = this;
    return this.#isSpent ? { topic, partition, offset: committed } : undefined;
  }

  /** Whether nothing is left of what was fetched. */
  get isDrained(): boolean {
    return this.#batches.length === 0;
  }

  /** Whether there was nothing more to fetch, as far as it is known. */
  get isAtEnd(): boolean {
    return this.#end !== undefined && this.position >= this.#end;
  }

  /** Whether nothing more happens before something arrives. */
  get isIdle(): boolean {
    return this.isDrained && this.isAtEnd && this.driver.standing?.isTimed !== true;
  }

  /** Whether a run has ended that wants no more of this input. */
  get isPaused(): boolean {
    return this.driver.paused.length > 0;
  }

  /** Whether the next record is there and cannot be read yet. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Whether everything that was handled is committed. */
  get isCommitted(): boolean {
    return this.settled === this.committed;
  }

  /** Whether a run has ended, with everything that it was given, and the commit of it is there. */
  get isOver(): boolean {
    return this.isPaused && this.isCommitted && this.settled === this.position;
  }

  /** Up to where every agent has acknowledged everything. */
  get settled(): number {
    return this.driver.standing?.held ?? this.position;
  }

  /** Whether there is something for a commit to say. */
  get hasMoved(): boolean {
    if (this.settled !== this.sealed) return true;
    const places = this.driver.standing?.at(this.position);
    return places !== undefined && JSON.stringify(places) !== JSON.stringify(this.#sealedPlaces);
  }

  get lag(): number {
    return Math.max(0, (this.#end ?? this.position) - this.position);
  }

  /** What a commit of the sealed position says. */
  sealedOffset(metadata: string): CommittedOffset {
    const { topic, partition, sealed } = this;
    return { topic, partition, offset: sealed, metadata };
  }

  /** Up to where some agent has handled everything, as of the last commit that is known. */
  get reached(): number {
    return this.#committedPlaces?.until ?? this.committed;
  }

  /** The record under the cursor. */
  get cursor(): BatchCursor | undefined {
    return this.#cursor;
  }

  /** How the agents stand at the sealed offset. */
  get sealedPlaces(): AgentPlaces | undefined {
    return this.#sealedPlaces;
  }

  /** A commit begins. */
  seal(): void {
    this.sealed = this.settled;
    this.#sealedPlaces = this.driver.standing?.at(this.position);
  }

  /** The commit is there. */
  acknowledge(): void {
    this.committed = this.sealed;
    this.#committedPlaces = this.#sealedPlaces;
  }

  /** Goes back to what is committed. */
  rewind(): void {
    this.begin(this.committed, this.#committedPlaces);
  }

  /** Starts at an offset, and forgets what was fetched. */
  begin(offset: number, places?: AgentPlaces): void {
    this.position = offset;
    this.sealed = offset;
    this.committed = offset;
    this.#sealedPlaces = places;
    this.#committedPlaces = places;
    this.driver.standing?.resume(places);
    this.#fetched = offset;
    this.#batches = [];
    this.#cursor = undefined;
    this.#time = undefined;
    this.marker = undefined;
    this.#waiting = undefined;
    this.#isUnloaded = false;
    this.#end = undefined;
  }

  /** The offset to fetch next. */
  get fetched(): number {
    return this.#fetched;
  }

  /**
   * Takes what comes next. Gives false for a batch that does not start there, such as one that was
   * fetched before the input was moved: it is left out.
   */
  offer(batch: FetchedBatch): boolean {
    if (batch.startOffset !== this.#fetched) return false;
    this.#fetched = batch.nextOffset;
    this.#end = batch.endOffset;
    this.#batches.push(batch);
    return true;
  }

  /** Loads the next record, if it is not loaded yet, and gives its event time; undefined: none. */
  peek(): number | undefined {
    while (this.#time === undefined && this.#waiting === undefined) {
      const batch = this.#batches[0];
      if (batch === undefined) return undefined;
      this.#cursor ??= batch.cursor();
      if (!this.#isUnloaded && !this.#cursor.next()) {
        this.position = Math.max(this.position, batch.nextOffset);
        this.#cursor = undefined;
        this.#batches.shift();
      } else if (this.#cursor.offset >= this.position) {
        this.#load(batch, this.#cursor);
      }
    }
    return this.#time;
  }

  /** The loaded record is processed. */
  advance(): void {
    if (this.#cursor !== undefined) this.position = this.#cursor.offset + 1;
    this.#time = undefined;
    this.marker = undefined;
  }

  /** Makes what is left outlive the next poll; the record that `moment` is at moves with it. */
  keep(moment: Moment): void {
    const first = this.#batches[0];
    this.#batches = this.#batches.map((batch) => batch.keep());
    const kept = this.#batches[0];
    const from = this.#cursor;
    if (kept === undefined || kept === first) return;
    this.driver.ahead?.forget();
    if (from === undefined) return;
    const to = kept.cursor();
    // The batch before had this record too, so the walk ends.
    while (to.offset < from.offset && to.next());
    this.#cursor = to;
    if (this.#time === undefined) return;
    this.driver.relocate(to);
    if (moment.cursor === from) moment.cursor = to;
  }

  #load(batch: FetchedBatch, cursor: BatchCursor): void {
    const { driver } = this;
    if (this.upstream !== undefined) {
      this.marker = readTimeMarker(cursor);
      // It takes its turn among the records of other inputs by the time that it tells.
      this.#time = this.marker?.time;
      if (this.marker !== undefined) return;
    }
    const loaded = driver.ahead?.wait(batch, cursor.offset) ?? driver.load(cursor);
    this.#isUnloaded = typeof loaded !== "number";
    if (typeof loaded === "number") {
      this.#time = loaded;
      return;
    }
    const waiting = loaded.then(() => {
      // Where the input has moved meanwhile, another record is next.
      if (this.#waiting !== waiting) return;
      this.#waiting = undefined;
      this.#wake();
    });
    this.#waiting = waiting;
  }
}

/** The committed offset of each input, by topic. */
export function sourceOffsets(inputs: readonly Input[]): Readonly<Record<string, number>> {
  return Object.fromEntries(inputs.map(({ topic, committed }) => [topic, committed]));
}
