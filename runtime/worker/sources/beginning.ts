import type { CommittedOffset, Log, TopicPartition } from "../../log/log.ts";

/**
 * Where a group begins to read a topic that it has no offset of: behind the last record, or with the
 * first one that is not older than a time (ISO 8601), or than so long before now.
 */
export type Beginning = "latest" | { readonly time: string } | { readonly agoMs: number };

/** An input, and where it begins; with its first record where that is not said. */
export interface Begun extends TopicPartition {
  readonly beginning?: Beginning | undefined;
}

/** Where a task goes on. */
export interface RestorePoint {
  readonly committed: readonly CommittedOffset[];
  /** Where each input begins that has no committed offset. */
  readonly starts: readonly number[];
  /** Whether one of these is not with its first record, so that it is to be committed. */
  readonly begins: boolean;
}

/** The offset that each input begins with where none is committed, in their order. */
export async function beginningOffsets(
  log: Log,
  inputs: readonly Begun[],
  now: number,
): Promise<readonly number[]> {
  const ranges = await log.offsets(inputs);
  const offsets: number[] = [];
  for (const [index, input] of inputs.entries()) {
    const { start = 0, stableEnd = 0 } = ranges[index] ?? {};
    const { beginning } = input;
    if (beginning === undefined) offsets.push(start);
    else if (beginning === "latest") offsets.push(stableEnd);
    else offsets.push((await log.offsetsAt([input], timeOf(beginning, now)))[0] ?? start);
  }
  return offsets;
}

/**
 * Whether an input begins elsewhere than with its first record. What that means is decided once, and
 * committed before the first record: a restart would find another end of the topic.
 */
export const isBeginning = (
  inputs: readonly Begun[],
  committed: readonly CommittedOffset[],
): boolean =>
  inputs.some(
    ({ beginning }, index) => beginning !== undefined && (committed[index]?.offset ?? -1) < 0,
  );

const timeOf = (beginning: Exclude<Beginning, "latest">, now: number): number =>
  "time" in beginning ? Date.parse(beginning.time) : now - beginning.agoMs;
