import { StreamgenError } from "../../errors.ts";
import type { Log } from "../../log/log.ts";
import type { Logger } from "../scope.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { namesInLog } from "./topic-needs.ts";
import { type PlanOptions, planTopics, type TopicStep, type Topics } from "./topic-plan.ts";

export type { Topics } from "./topic-plan.ts";

export interface PrepareOptions extends PlanOptions {
  /** Gets a warning of each flaw that a worker can live with. */
  readonly logger?: Logger;
}

/**
 * Makes the pipeline's topics and its changelogs, where they are missing, and compares those which
 * exist with what is needed. Throws SG8003 that lists everything a worker must not start with; then
 * nothing is made.
 */
export async function prepareTopics(
  log: Log,
  spec: PipelineSpec,
  settings: Settings,
  { logger, ...options }: PrepareOptions = {},
): Promise<Topics> {
  const existing = await log.describeTopics(namesInLog(spec, settings));
  const plan = planTopics(spec, settings, existing, options);
  const flaws = plan.steps.filter((step) => step.kind !== "create");
  const problems = flaws.filter(({ blocks }) => blocks).map(flawText);
  if (problems.length > 0) throw new StreamgenError("SG8003", problems.join("; "));
  for (const flaw of flaws) logger?.warn(flawText(flaw));
  const missing = plan.steps.flatMap((step) => (step.kind === "create" ? [step.settings] : []));
  if (missing.length === 0) return plan.topics;
  await log.createTopics(missing);
  // Limits that nobody has set are the log's own: they show once the topics are there.
  const made = await log.describeTopics(namesInLog(spec, settings));
  return planTopics(spec, settings, made, options).topics;
}

/** A flaw and its remedy, as a sentence without its stop. */
export function flawText(flaw: Exclude<TopicStep, { readonly kind: "create" }>): string {
  if (flaw.kind === "conflict") return `${flaw.problem}: ${flaw.fix}`;
  const { topic, setting, from, to, why } = flaw;
  return `topic "${topic}" has ${setting} ${from}, not ${to}, and ${why}: topics apply changes it`;
}
