import type { StreamgenError } from "../../errors.ts";
import type { CommittedOffset } from "../../log/log.ts";
import {
  type Place,
  upstreamRoom,
  withUpstream,
  writeOffsetMetadata,
} from "../commit/offset-metadata.ts";
import { Caution, isRefusal } from "../failures/caution.ts";
import type { StreamTime } from "../windows/stream-time.ts";
import { type Input, sourceOffsets } from "./input.ts";

/** How far a task has come: now, as of the commit that was begun last, and as of the last one. */
export class TaskProgress {
  readonly inputs: readonly Input[];
  readonly #streamTime: StreamTime;
  readonly #caution = new Caution();
  #records = 0;
  #ticks = 0;
  #sealed = { records: 0, ticks: 0 };
  #isCommitting = false;

  constructor(inputs: readonly Input[], streamTime: StreamTime) {
    this.inputs = inputs;
    this.#streamTime = streamTime;
  }

  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /** Whether an input has moved since the last commit was begun. */
  get hasMoved(): boolean {
    return this.inputs.some((input) => input.hasMoved);
  }

  /** Whether fewer records than usual go into a commit. */
  get isCautious(): boolean {
    return this.#caution.isFull(Number.MAX_SAFE_INTEGER);
  }

  /** Whether no more may be handled before a commit. */
  get isFull(): boolean {
    return this.#caution.isFull(this.#records);
  }

  /** The committed offset of each input, by topic, and the highest event time up to there. */
  get committed(): {
    readonly sourceOffsets: Readonly<Record<string, number>>;
    readonly streamTime: number;
  } {
    return {
      sourceOffsets: sourceOffsets(this.inputs),
      streamTime: this.#streamTime.committed,
    };
  }

  begin({ offsets, streamTime, behind, upstream }: Place): void {
    for (const [index, input] of this.inputs.entries()) {
      input.begin(offsets[index] ?? 0, behind?.[input.topic]);
      input.upstream?.begin(upstream?.[index]);
    }
    this.#streamTime.begin(streamTime);
  }

  /** Why the loaded record of an input must not be handled again. */
  refusal(input: Input): StreamgenError | undefined {
    return this.#caution.reason(input);
  }

  /** The loaded record of an input is handled. */
  advance(input: Input): void {
    this.#streamTime.close();
    input.advance();
    this.#records += 1;
  }

  /** A partition of an input's source has told how far it is. */
  told(input: Input): void {
    input.advance();
    this.#streamTime.follow();
  }

  /** A timer has ticked. */
  tick(): void {
    this.#ticks += 1;
  }

  /** Gives the records and ticks handled since the last time. */
  seal(): number {
    for (const input of this.inputs) {
      input.seal();
      input.upstream?.seal();
    }
    this.#streamTime.seal();
    const [records, ticks] = [this.#records, this.#ticks];
    this.#sealed = { records, ticks };
    this.#records = 0;
    this.#ticks = 0;
    this.#isCommitting = true;
    return records + ticks;
  }

  /** What is sealed as offsets, with the ends of changelogs beside them. */
  offsets(changelogs: Readonly<Record<string, number>>): readonly CommittedOffset[] {
    const behind = Object.fromEntries(
      this.inputs.flatMap(({ topic, sealedPlaces: places }) =>
        places === undefined ? [] : [[topic, places]],
      ),
    );
    const streamTime = this.#streamTime.sealed;
    const metadata = writeOffsetMetadata({ changelogs, streamTime, behind });
    return this.inputs.map((input, index) => {
      const own = index === 0 ? metadata : "";
      const upstream = input.upstream?.sealedText(upstreamRoom(own));
      return input.sealedOffset(upstream === undefined ? own : withUpstream(own, upstream));
    });
  }

  acknowledge(): void {
    for (const input of this.inputs) {
      input.acknowledge();
      input.upstream?.acknowledge();
    }
    this.#streamTime.acknowledge();
    this.#isCommitting = false;
    this.#caution.committed();
  }

  /**
   * Goes back to the last commit. `cause`: what was sealed failed with it, and may be to blame. Gives
   * whether something else is done the next time.
   */
  rewind(cause: unknown): boolean {
    const isOther =
      this.#isCommitting &&
      isRefusal(cause) &&
      this.#caution.refused(cause, this.inputs, this.#sealed);
    for (const input of this.inputs) {
      input.rewind();
      input.upstream?.rewind();
      input.teller?.rewind();
    }
    this.#streamTime.rewind();
    this.#records = 0;
    this.#ticks = 0;
    this.#isCommitting = false;
    return isOther;
  }
}
