import { severalEmissions } from "../diagnostics/agents.ts";
import type { Span } from "../model/span.ts";
import type { EmissionModel, TopicModel } from "../model/topology.ts";
import type { BranchTest } from "../model/type.ts";
import { testsOf, undecided } from "./branch-test.ts";
import type { Reading } from "./reading.ts";

/**
 * How the values of several topics are told apart when a function returns them: by the rule of Avro's
 * unions. Reports where they cannot be.
 */
export function tellApart(
  reading: Reading,
  topics: readonly TopicModel[],
  { agent, span }: { readonly agent: string; readonly span: Span },
): Pick<EmissionModel, "also" | "tests"> {
  const [, ...others] = topics;
  if (others.length === 0) return {};
  if (topics.some(({ key }) => key.kind === "given")) {
    const problem = "and the keys of some stand beside their values";
    reading.report(severalEmissions(agent, problem, span));
    return {};
  }
  const tests: BranchTest[] = topics.map(() => undecided);
  // The fields of records are known when all are read.
  reading.later.push(() => {
    const types = topics.map(({ value }) => value);
    const isUnion = types.some(({ kind }) => kind === "union");
    const found = isUnion || isTwice(types) ? undefined : testsOf(reading, types);
    if (found !== undefined) tests.splice(0, tests.length, ...found);
    else {
      const problem = "and nothing in the values says which is which";
      reading.report(severalEmissions(agent, problem, span));
    }
  });
  return { also: others.map(({ name }) => name), tests };
}

const isTwice = (types: readonly object[]): boolean =>
  new Set(types.map((type) => JSON.stringify(type))).size < types.length;
