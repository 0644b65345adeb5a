import { type ExitCode, exitCode } from "../exit-code.ts";
import { plural } from "../text.ts";
import type { DlqJob } from "./job.ts";
import { type Letter, lettersIn, rangesOf } from "./letters.ts";

/** `dlq list`: a line for each dead letter, with its reason, its place and its age. */
export async function list(job: DlqJob): Promise<ExitCode> {
  const { cluster, topic, isWanted, max, isJson, around } = job;
  const counts = { shown: 0, replayed: 0, strange: 0 };
  const ranges = await rangesOf(cluster.log, topic);
  const letters = lettersIn(cluster.log, ranges, () => {
    counts.strange += 1;
  });
  for await (const letter of letters) {
    if (counts.shown >= max || around.stop.isRequested) break;
    if (!isWanted(letter)) continue;
    const line = isJson ? letterJson(letter, around.now()) : letterText(letter, around.now());
    counts.shown += 1;
    if (letter.isReplayed) counts.replayed += 1;
    if (!(await around.print(`${line}\n`))) break;
  }
  sumUp(job, counts);
  return around.stop.isRequested ? exitCode.interrupted : exitCode.fine;
}

function sumUp(
  { around, isJson, isQuiet, topic }: DlqJob,
  counts: { readonly shown: number; readonly replayed: number; readonly strange: number },
): void {
  if (isJson || isQuiet) return;
  const replayed = counts.replayed === 0 ? "" : `, ${counts.replayed} of them replayed before`;
  around.note(`${plural(counts.shown, "dead letter")} in ${topic.name}${replayed}\n`);
  if (counts.strange === 0) return;
  around.note(`${plural(counts.strange, "record")} without a reason: no dead letters\n`);
}

function letterJson({ cursor, at, since, isReplayed, ...reason }: Letter, now: number): string {
  const { topic, partition, offset, timestamp, ...rest } = reason;
  const source = { topic, partition, offset, timestamp };
  const ageMs = Math.max(0, now - since);
  return JSON.stringify({ type: "deadLetter", ...at, ...rest, source, ageMs, isReplayed });
}

/** `0/17  2 h  SG8020  orders/3 offset 1234  pay, 4 attempts: agent "pay" threw: no answer` */
function letterText(letter: Letter, now: number): string {
  const { at, since, code, topic, partition, offset, agent, attempts, message } = letter;
  return [
    `${at.partition}/${at.offset}`,
    ageText(Math.max(0, now - since)),
    printable(code),
    `${printable(topic)}/${partition} offset ${offset}`,
    `${printable(agent)}, ${plural(attempts, "attempt")}: ${printable(message)}`,
    ...(letter.isReplayed ? ["(replayed)"] : []),
  ].join("  ");
}

/** In the largest unit of which there is one. */
function ageText(ms: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
  ] as const;
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1000, "s"];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** Headers are anybody's text: on one line, without what a terminal would obey. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
