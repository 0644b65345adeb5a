import type { LogAdmin, TopicAlteration } from "../log/admin.ts";
import { resolveSettings } from "../worker/settings/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { namesInLog } from "../worker/topics/topic-needs.ts";
import { planTopics, type TopicStep } from "../worker/topics/topic-plan.ts";
import { givenSettings, type Invocation } from "./arguments.ts";
import { confirmed } from "./confirm.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";
import type { Cluster, Surroundings } from "./surroundings.ts";
import { plural, retentionText } from "./text.ts";

const actions = ["plan", "apply"] as const;

/** `topics plan` and `topics apply`: what there is to do before the topics are as needed, or that. */
export async function topics(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const { switches } = invocation;
  const action = actionOf(invocation.operand);
  const settings = resolveSettings(spec, {
    env: around.env,
    flags: givenSettings(invocation),
  });
  const cluster = await around.connect(settings);
  try {
    const existing = await cluster.log.describeTopics(namesInLog(spec, settings));
    const makesExternal = switches.has("external");
    const { steps } = planTopics(spec, settings, existing, { makesExternal });
    const work = { steps, cluster, around, invocation };
    await print(work);
    return action === "plan" ? await conclude(work) : await apply(work);
  } finally {
    await cluster.close();
  }
}

interface Work {
  readonly steps: readonly TopicStep[];
  readonly cluster: Cluster;
  readonly around: Surroundings;
  readonly invocation: Invocation;
}

/** The end of a plan. */
async function conclude({ steps, around, invocation }: Work): Promise<ExitCode> {
  const code = steps.length === 0 ? exitCode.fine : exitCode.changesDue;
  if (invocation.switches.has("json")) {
    await around.print(`${JSON.stringify({ type: "result", code, due: steps.length })}\n`);
  }
  return code;
}

async function apply({ steps, cluster, around, invocation }: Work): Promise<ExitCode> {
  const { switches } = invocation;
  const conflicts = steps.filter((step) => step.kind === "conflict");
  const due = steps.length - conflicts.length;
  if (due > 0) {
    const question = `Apply ${plural(due, "change")}?`;
    if (!(switches.has("yes") || (await confirmed(around, question)))) return exitCode.interrupted;
    await cluster.log.createTopics(
      steps.flatMap((step) => (step.kind === "create" ? [step.settings] : [])),
    );
    const alterations = alterationsOf(steps);
    if (alterations.length > 0) await withAdmin(cluster, (admin) => admin.alterTopics(alterations));
  }
  if (switches.has("json")) {
    const code = conflicts.length === 0 ? exitCode.fine : exitCode.failed;
    await around.print(`${JSON.stringify({ type: "result", code, applied: due })}\n`);
  } else if (!switches.has("quiet") && due > 0) {
    around.note(`${plural(due, "change")} applied\n`);
  }
  return conflicts.length === 0 ? exitCode.fine : exitCode.failed;
}

/** Several settings of one topic are one alteration. */
function alterationsOf(steps: readonly TopicStep[]): readonly TopicAlteration[] {
  const configs = new Map<string, Record<string, string>>();
  for (const step of steps) {
    if (step.kind !== "alter") continue;
    configs.set(step.topic, { ...configs.get(step.topic), [step.setting]: step.to });
  }
  return [...configs].map(([topic, config]) => ({ topic, config }));
}

/** Uses a tool's view of the log, and closes it. */
async function withAdmin<T>(cluster: Cluster, use: (admin: LogAdmin) => Promise<T>): Promise<T> {
  const admin = await cluster.admin();
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

async function print({ steps, around, invocation }: Work): Promise<void> {
  const { switches, operand } = invocation;
  // Whoever is to decide has to see it, quiet or not.
  if (operand === "apply" && switches.has("yes") && switches.has("quiet")) return;
  const isJson = invocation.switches.has("json");
  if (isJson) {
    for (const step of steps) await around.print(`${JSON.stringify({ type: "step", ...step })}\n`);
  } else if (steps.length === 0) {
    if (!invocation.switches.has("quiet"))
      around.note("the topics are as the pipeline needs them\n");
  } else {
    await around.print(steps.map((step) => `${stepText(step)}\n`).join(""));
  }
}

/** One step as a line, or as two. */
function stepText(step: TopicStep): string {
  switch (step.kind) {
    case "create": {
      const { name, partitions, replicas, cleanup, retentionMs, config } = step.settings;
      const parts = [
        plural(partitions, "partition"),
        plural(replicas, "replica"),
        cleanup === "compact" ? "compacted" : `kept ${retentionText(retentionMs)}`,
        ...(cleanup === "compact,delete" ? ["compacted"] : []),
        ...Object.entries(config).map(([setting, value]) => `${setting}=${value}`),
      ];
      return `+ ${name}: ${parts.join(", ")}`;
    }
    case "alter":
      return `~ ${step.topic}: ${step.setting} ${step.from} -> ${step.to}, as ${step.why}`;
    case "conflict":
      return `! ${step.problem}\n    fix: ${step.fix}`;
  }
}

function actionOf(operand: string): (typeof actions)[number] {
  const found = actions.find((action) => action === operand);
  if (found !== undefined) return found;
  const fix = `write topics ${nearest(operand, actions) ?? actions.join(" or topics ")}`;
  throw new Refusal("SG8501", `topics cannot "${operand}"`, { fix, exitCode: exitCode.usage });
}
