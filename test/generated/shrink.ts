/** Makes a failing case smaller, part by part, as long as it fails in the same way. */
import type { Case } from "./case.ts";
import type { Agent, Pipeline } from "./model.ts";

/** Building one candidate takes seconds. */
const attemptsMax = 60;

export async function smaller(
  from: Case,
  fails: (candidate: Case) => Promise<boolean>,
): Promise<Case> {
  let least = from;
  let attempts = 0;
  for (let isSmaller = true; isSmaller && attempts < attemptsMax; ) {
    isSmaller = false;
    for (const candidate of candidates(least)) {
      attempts += 1;
      if (attempts > attemptsMax) break;
      if (!(await fails(candidate))) continue;
      least = candidate;
      isSmaller = true;
      break;
    }
  }
  return least;
}

function* candidates(from: Case): Generator<Case> {
  const { happenings, pipeline, trouble } = from;
  if (trouble.at >= 0) yield { ...from, trouble: { ...trouble, at: -1 } };
  for (const agent of pipeline.agents) yield { ...from, pipeline: without(pipeline, agent) };
  const quiet = { hasBeat: false, hasStart: false, reports: [] };
  if (pipeline.hasBeat || pipeline.hasStart || pipeline.reports.length > 0) {
    yield { ...from, pipeline: { ...pipeline, ...quiet } };
  }
  for (const agent of pipeline.agents) {
    for (const smallerAgent of lessOf(agent)) {
      const agents = pipeline.agents.map((one) => (one === agent ? smallerAgent : one));
      yield { ...from, pipeline: { ...pipeline, agents } };
    }
  }
  const half = Math.floor(happenings.length / 2);
  if (half > 0) {
    yield { ...from, happenings: happenings.slice(half) };
    yield { ...from, happenings: happenings.slice(0, half) };
  }
}

/** Tables that the agent has go with it, and so do the reports of them. */
function without(pipeline: Pipeline, agent: Agent): Pipeline {
  const gone = new Set(agent.tables.map(({ number }) => number));
  return {
    ...pipeline,
    agents: pipeline.agents
      .filter((one) => one !== agent)
      .map((one) => ({
        ...one,
        lookups: one.lookups.filter(({ number }) => !gone.has(number)),
        steps: one.steps.filter((step) => step.do !== "look" || !gone.has(step.table)),
      })),
    reports: pipeline.reports.filter(({ number }) => !gone.has(number)),
  };
}

function* lessOf(agent: Agent): Generator<Agent> {
  const { returns: _, ...silent } = agent;
  if (agent.returns !== undefined) yield silent;
  const free = agent.steps.filter(({ do: kind }) =>
    ["send", "skip", "change", "forward", "fail"].includes(kind),
  );
  for (const step of free) yield { ...agent, steps: agent.steps.filter((one) => one !== step) };
}
