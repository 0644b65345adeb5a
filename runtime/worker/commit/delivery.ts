import { StreamgenError } from "../../errors.ts";
import type { CommittedOffset, GroupMember, SentBatch } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import type { OutBatch } from "../outputs/outbox.ts";
import type { Changelog, Sent } from "../tables/foreign-records.ts";
import type { Sealed, Task } from "../tasks/task.ts";

/** The changelog ends of each task that is committed, by table. */
export type Ends = ReadonlyMap<Task, Readonly<Record<string, number>>>;

/** Why something of a task could not be sent. */
export type Failures = ReadonlyMap<Task, unknown>;

/** The code of a changelog that lacks what was committed: a task must not go on with it. */
export const changelogLost = "SG7069";

export const noFailures: Failures = new Map();

/** What became of a commit. */
export type Outcome =
  | {
      readonly kind: "committed";
      readonly ends: Ends;
      /** Tasks whose work is left out, because something of it could not be sent. */
      readonly failed: Failures;
    }
  | {
      /** It has no effect, except that with `wasSent` records of it may be in the log. */
      readonly kind: "aborted";
      readonly error: unknown;
      readonly wasSent: boolean;
      /** The tasks that are to blame, where it is known. */
      readonly failed: Failures;
    }
  /** Another worker has taken this one's place. */
  | { readonly kind: "fenced"; readonly error: unknown };

/** One way of making staged work durable. */
export interface Delivery {
  /** Resolves when the outcome is known; one at a time. */
  deliver(sealed: readonly Sealed[], member: GroupMember): Promise<Outcome>;
  close(): Promise<void>;
}

/** The batches of each task that the log has. */
export type SentByTask = ReadonlyMap<Task, readonly Sent[]>;

/**
 * Sends every batch, and waits for all of them even where one fails. A task fails with SG7069 where one
 * of its changelogs was made anew: what it held is gone, whatever is sent to it.
 */
export async function sendAll(
  sealed: readonly Sealed[],
  send: (out: OutBatch) => Promise<SentBatch>,
): Promise<{ readonly sent: SentByTask; readonly failed: Failures }> {
  const sentByTask = new Map<Task, readonly Sent[]>();
  const failed = new Map<Task, unknown>();
  const sending = sealed.map(async ({ task, batches }) => {
    const { changelogs } = task.tables;
    const sent = batches.map(async (out): Promise<readonly Sent[]> => {
      try {
        const sent = { ...(await send(out)), batch: out.batch };
        checkChangelog(changelogs, sent);
        return [sent];
      } catch (error) {
        if (!failed.has(task)) failed.set(task, error);
        return [];
      }
    });
    sentByTask.set(task, (await Promise.all(sent)).flat());
  });
  await Promise.all(sending);
  return { sent: sentByTask, failed };
}

/** Offsets only grow while a topic is the same. */
function checkChangelog(
  changelogs: readonly Changelog[],
  { topic, partition, baseOffset }: Sent,
): void {
  const changelog = changelogs.find((each) => each.topic === topic);
  if (changelog === undefined || baseOffset >= changelog.end) return;
  throw new StreamgenError(
    changelogLost,
    `changelog "${topic}" was at offset ${changelog.end} and takes records at ${baseOffset}: the topic ` +
      "was made anew while the worker ran, and rows are lost; begin anew with streamgen reset",
    { topic, partition, table: changelog.table },
  );
}

/** Where changelogs end behind what was sent: each table's `endOf`, or where nothing was, as before. */
export async function endsOf(
  tasks: readonly Task[],
  sentByTask: SentByTask,
  endOf: (changelog: Changelog, sent: Sent) => Promise<number>,
): Promise<Ends> {
  const ends = new Map<Task, Readonly<Record<string, number>>>();
  for (const task of tasks) {
    const all = sentByTask.get(task) ?? [];
    const byTable: Record<string, number> = Object.create(null);
    for (const changelog of task.tables.changelogs) {
      const sent = all.find(({ topic }) => topic === changelog.topic);
      byTable[changelog.table] = sent === undefined ? changelog.end : await endOf(changelog, sent);
    }
    ends.set(task, byTable);
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
