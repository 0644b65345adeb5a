/** Builds and runs cases, and says which of them do not come to what they mean. */
import { isDeepStrictEqual } from "node:util";
import { Workshop } from "./build.ts";
import type { Case } from "./case.ts";
import { interpret, type Meaning } from "./interpret.ts";
import { printPipeline } from "./print.ts";
import { run } from "./run.ts";

export interface Failure {
  readonly case: Case;
  readonly kind: "build" | "types" | "run" | "result";
  readonly text: string;
}

/** The first that fails at each stage, all of them at once. */
export async function failures(
  folder: string,
  cases: readonly Case[],
): Promise<readonly Failure[]> {
  const workshop = new Workshop(folder);
  for (const one of cases) workshop.place(nameOf(one), printPipeline(one.pipeline));
  const unbuilt = cases.flatMap((one): Failure[] => {
    const text = workshop.build(nameOf(one));
    return text === "" ? [] : [{ case: one, kind: "build", text }];
  });
  if (unbuilt.length > 0) return unbuilt;
  const types = workshop.types();
  const untyped = cases.flatMap((one): Failure[] => {
    const text = types.get(nameOf(one));
    return text === undefined ? [] : [{ case: one, kind: "types", text }];
  });
  if (untyped.length > 0) return untyped;
  const wrong: Failure[] = [];
  for (const one of cases) wrong.push(...(await judge(workshop, one)));
  return wrong;
}

export async function failureOf(folder: string, one: Case): Promise<Failure | undefined> {
  const [failure] = await failures(folder, [one]);
  return failure;
}

const nameOf = ({ seed }: Case): string => `seed-${seed}`;

async function judge(workshop: Workshop, one: Case): Promise<readonly Failure[]> {
  try {
    const { course, meaning } = await run(workshop, nameOf(one), one);
    const expected = interpret(one.pipeline, one.happenings, course);
    const text = difference(meaning, expected, course.starts === 1);
    return text === "" ? [] : [{ case: one, kind: "result", text }];
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ case: one, kind: "run", text }];
  }
}

/** What is there and should not be, and the other way round. */
function difference(actual: Meaning, expected: Meaning, isCalm: boolean): string {
  const lines: string[] = [];
  for (const part of ["outputs", "rows"] as const) {
    for (const name of new Set([...Object.keys(actual[part]), ...Object.keys(expected[part])])) {
      const found = actual[part][name] ?? [];
      const wanted = expected[part][name] ?? [];
      if (isDeepStrictEqual(found, wanted)) continue;
      lines.push(`${name} has`, ...less(found, wanted), `${name} lacks`, ...less(wanted, found));
    }
  }
  // What is done again is skipped again.
  if (isCalm && actual.skipped !== expected.skipped) {
    lines.push(`${actual.skipped} records were skipped, not ${expected.skipped}`);
  }
  return lines.join("\n");
}

function less(from: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...from];
  for (const one of taken) {
    const index = left.indexOf(one);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
