import type { BuildResult } from "./build.ts";
import { countsText, plural } from "./counts.ts";

/** Files named in a summary; the others are only counted. */
const namedMax = 3;

/** What a build was about and what it changed, as two lines. */
export function buildSummary(
  { build, written, removed }: BuildResult,
  { seconds, width }: { readonly seconds: number; readonly width: number },
): string {
  if (!("counts" in build)) return "";
  const counts = `  ${countsText(build.counts)}`;
  const time = seconds < 0.1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
  const gap = Math.max(3, Math.min(width, 88) - counts.length - time.length);
  const files = changedFiles(build.configuration.out, written, removed);
  return `${counts}${" ".repeat(gap)}${time}\n  ${files}\n`;
}

function changedFiles(out: string, written: readonly string[], removed: readonly string[]): string {
  if (written.length + removed.length === 0) return `${out} is up to date`;
  // The manifest and the attributes say nothing about the program.
  const telling = written.filter((file) => !/^(manifest\.json|\.gitattributes)$/.test(file));
  const named = [
    ...telling.map((file) => `+ ${out}/${file}`),
    ...removed.map((file) => `- ${out}/${file}`),
  ];
  const counts = [
    ...(written.length > 0 ? [`${plural(written.length, "file")} written`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
  ].join(", ");
  return [...named.slice(0, namedMax), named.length > namedMax ? `… ${counts}` : counts].join(
    "   ",
  );
}
