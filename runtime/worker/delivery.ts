import { StreamgenError } from "../errors.ts";
import { isLogError, logCode } from "../log/codes.ts";
import type { CommittedOffset, GroupMember, Producer } from "../log/log.ts";
import { partitionKey } from "../log/partition-key.ts";
import type { Sealed, Task } from "./task.ts";

/** The changelog ends of each task that is committed, by table. */
export type Ends = ReadonlyMap<Task, Readonly<Record<string, number>>>;

/** What became of a commit. */
export type Outcome =
  | { readonly kind: "committed"; readonly ends: Ends }
  /** It has no effect, except that with `wasSent` records of it may be in the log. */
  | { readonly kind: "aborted"; readonly error: unknown; readonly wasSent: boolean }
  /** Another worker has taken this one's place. */
  | { readonly kind: "fenced"; readonly error: unknown };

/** One way of making staged work durable. */
export interface Delivery {
  /** Resolves when the outcome is known; one at a time. */
  deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome>;
  close(): Promise<void>;
}

/** Sends every batch, and waits for all of them even where one fails. Throws the first failure. */
export async function sendAll(producer: Producer, sealed: readonly Sealed[]): Promise<Ends> {
  const ends = new Map<Task, Readonly<Record<string, number>>>();
  const failures: unknown[] = [];
  const sending = sealed.map(async ({ task, batches }) => {
    const sent = batches.map(async (out) => {
      const count = out.batch.count;
      try {
        const { baseOffset } = await producer.send(out, out.batch);
        return [{ topic: out.topic, baseOffset, count }];
      } catch (error) {
        failures.push(error);
        return [];
      }
    });
    ends.set(task, task.tables.endsAfter((await Promise.all(sent)).flat()));
  });
  await Promise.all(sending);
  if (failures.length > 0) {
    throw failures.find((error) => isLogError(error, logCode.fenced)) ?? failures[0];
  }
  return ends;
}

/**
 * The offsets of what is sealed. Throws SG8032 where a partition is not assigned any more: the log
 * does not check that whoever commits it owns it.
 */
export function offsetsOf(
  sealed: readonly Sealed[],
  ends: Ends,
  member: GroupMember,
): readonly CommittedOffset[] {
  const owned = new Set(member.assignment.map(partitionKey));
  const offsets = sealed.flatMap(({ task }) => task.offsets(ends.get(task) ?? {}));
  const foreign = offsets.find((offset) => !owned.has(partitionKey(offset)));
  if (foreign === undefined) return offsets;
  const { topic, partition } = foreign;
  throw new StreamgenError("SG8032", "a partition was given away before its commit", {
    topic,
    partition,
  });
}
