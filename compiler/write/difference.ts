import { createTwoFilesPatch } from "diff";
import type { Change, Plan } from "./plan.ts";

/** Longer texts are compared by their size only. */
const lengthMax = 2_000_000;

/** What a build would change, as a unified diff that `git apply` understands. */
export function difference({ changes }: Plan, out: string): string {
  return changes.map((change) => patch(change, out)).join("");
}

function patch({ path, before, after }: Change, out: string): string {
  const file = `${out}/${path}`;
  const [old, wanted] = [before?.toString("utf8") ?? "", after ?? ""];
  if (old.length + wanted.length > lengthMax) {
    return `${file}: ${old.length} characters, should be ${wanted.length}\n`;
  }
  const from = before === undefined ? "/dev/null" : `a/${file}`;
  const to = after === undefined ? "/dev/null" : `b/${file}`;
  const text = createTwoFilesPatch(from, to, old, wanted, "", "", { context: 3 });
  return `${text.replace(/^=+\n/, "").replaceAll(/^(---|\+\+\+) (.*?)\t$/gm, "$1 $2")}`;
}
