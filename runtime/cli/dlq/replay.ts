import type { OffsetRange } from "../../log/log.ts";
import { confirmed } from "../confirm.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { plural, secondsText } from "../text.ts";
import type { DlqJob } from "./job.ts";
import { type Letter, lettersIn, rangesOf } from "./letters.ts";
import { ReplaySender } from "./replay-sender.ts";
import { findTargets, type Targets } from "./targets.ts";

export interface ReplayOptions {
  /** `source`, or a topic's declared name. */
  readonly to: string;
  readonly isDry: boolean;
  readonly isConfirmed: boolean;
  /** Replays what was replayed before, too. */
  readonly isAgain: boolean;
}

interface Plan {
  readonly ranges: readonly OffsetRange[];
  /** Dead letters to replay, by the topic in the log that they go to. */
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
  /** Left out because they were replayed before. */
  readonly before: number;
}

/** `dlq replay`: sends dead letters back to where they came from, or to another topic. */
export async function replay(job: DlqJob, options: ReplayOptions): Promise<ExitCode> {
  const { around, isJson, topic } = job;
  const targets = await findTargets(job, options.to);
  const plan = await planReplay(job, options, targets);
  await tell(job, plan);
  if (options.isDry || plan.total === 0) return exitCode.fine;
  const question = `Replay ${plural(plan.total, "dead letter")}?`;
  if (!(options.isConfirmed || (await confirmed(around, question)))) return exitCode.interrupted;
  const begunMs = around.now();
  const sender = await ReplaySender.open(job, targets);
  try {
    for await (const letter of chosen(job, options, plan.ranges)) {
      if (around.stop.isRequested) break;
      await sender.add(letter);
    }
    await sender.commit();
  } finally {
    const { sent } = sender;
    const passedMs = around.now() - begunMs;
    if (isJson) {
      const line = { type: "replayed", topic: topic.name, letters: sent, seconds: passedMs / 1000 };
      await around.print(`${JSON.stringify(line)}\n`);
    } else if (!job.isQuiet || sent < plan.total) {
      around.note(
        `${sent} of ${plural(plan.total, "dead letter")} replayed   ${secondsText(passedMs)}\n`,
      );
    }
    await sender.close();
  }
  return sender.sent < plan.total ? exitCode.interrupted : exitCode.fine;
}

async function planReplay(
  job: DlqJob,
  { isAgain }: ReplayOptions,
  targets: Targets,
): Promise<Plan> {
  const ranges = await rangesOf(job.cluster.log, job.topic);
  const counts = new Map<string, number>();
  let total = 0;
  let before = 0;
  for await (const letter of lettersIn(job.cluster.log, ranges)) {
    if (!job.isWanted(letter)) continue;
    if (letter.isReplayed && !isAgain) before += 1;
    else if (total < job.max) {
      const { name } = targets.of(letter);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      total += 1;
    }
  }
  return { ranges, counts, total, before };
}

/** The same letters as the plan counts. */
async function* chosen(
  { cluster, isWanted, max }: DlqJob,
  { isAgain }: ReplayOptions,
  ranges: readonly OffsetRange[],
): AsyncGenerator<Letter> {
  let given = 0;
  for await (const letter of lettersIn(cluster.log, ranges)) {
    if (!isWanted(letter) || (letter.isReplayed && !isAgain)) continue;
    if (given >= max) return;
    given += 1;
    yield letter;
  }
}

async function tell({ around, isJson, topic }: DlqJob, plan: Plan): Promise<void> {
  const { counts, total, before } = plan;
  if (isJson) {
    const to = Object.fromEntries(counts);
    const line = { type: "replay", topic: topic.name, letters: total, to, replayedBefore: before };
    await around.print(`${JSON.stringify(line)}\n`);
    return;
  }
  const lines = [...counts].map(([name, count]) => `> ${plural(count, "dead letter")} to ${name}`);
  if (total === 0) around.note(`there is nothing to replay in ${topic.name}\n`);
  else await around.print(lines.map((line) => `${line}\n`).join(""));
  if (before > 0) {
    around.note(`${before} more were replayed before: --again sends them once more\n`);
  }
}
