import type { Checkpoint } from "../store.ts";

const format = 1;

/** A checkpoint as it lies beside its table's rows. */
export function writeCheckpoint(checkpoint: Checkpoint): string {
  return JSON.stringify({ v: format, ...checkpoint });
}

/** `undefined` where the text is no checkpoint, or one of a newer format. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const value = parse(text);
  if (value?.["v"] !== format) return undefined;
  const { changelogOffset, sourceOffsets, streamTime, wallTimeMs } = value;
  if (!isOffset(changelogOffset) || !isOffsets(sourceOffsets)) return undefined;
  // Before the first event it is minus infinity, which JSON writes so.
  const time = streamTime === null ? Number.NEGATIVE_INFINITY : streamTime;
  if (typeof time !== "number" || typeof wallTimeMs !== "number") return undefined;
  return { changelogOffset, sourceOffsets: { ...sourceOffsets }, streamTime: time, wallTimeMs };
}

/** The object that a text of JSON holds. */
export function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isOffsets(value: unknown): value is Readonly<Record<string, number>> {
  return isObject(value) && Object.values(value).every(isOffset);
}
