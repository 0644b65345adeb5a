import { resolveSettings } from "../../worker/settings/settings.ts";
import type { PipelineSpec } from "../../worker/spec.ts";
import { flagValue, givenSettings, type Invocation, numberOf, refuse } from "../arguments.ts";
import type { ExitCode } from "../exit-code.ts";
import { findTopic } from "../find-topic.ts";
import { nearest } from "../nearest.ts";
import type { Surroundings } from "../surroundings.ts";
import { list } from "./list.ts";
import { replay } from "./replay.ts";
import { parseWhere } from "./where.ts";

const actions = ["list", "replay"] as const;
/** Flags that change something: looking takes none of them. */
const replayFlags = ["to", "yes", "dry-run", "again"];

/** `dlq list <topic>` and `dlq replay <topic>`. */
export async function dlq(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const { object, operand, switches, values } = invocation;
  const action = actions.find((each) => each === operand);
  if (action === undefined) {
    const guess = nearest(operand, actions) ?? actions.join(" or dlq ");
    return refuse(`dlq cannot "${operand}"`, `write dlq ${guess}`);
  }
  const foreign = replayFlags.find((flag) => switches.has(flag) || values.has(flag));
  if (action === "list" && foreign !== undefined) {
    refuse(`dlq list takes no --${foreign}`, "leave it out, or write dlq replay");
  }
  if (switches.has("dry-run") && switches.has("yes")) {
    refuse("--dry-run and --yes exclude each other", "leave one out");
  }
  const isWanted = parseWhere(values.get("where") ?? []);
  const max = numberOf(invocation, "max", 1) ?? Number.POSITIVE_INFINITY;
  const to = flagValue(invocation, "to");
  if (action === "replay" && to === undefined) {
    refuse("dlq replay needs to know where to", "write --to source, or --to <topic>");
  }
  const settings = resolveSettings(spec, { env: around.env, flags: givenSettings(invocation) });
  const cluster = await around.connect(settings);
  try {
    const topic = await findTopic(cluster.log, { spec, settings }, object);
    const isJson = switches.has("json");
    const isQuiet = switches.has("quiet");
    const job = { spec, settings, cluster, topic, around, isWanted, max, isJson, isQuiet };
    if (to === undefined) return await list(job);
    return await replay(job, {
      to,
      isDry: switches.has("dry-run"),
      isConfirmed: switches.has("yes"),
      isAgain: switches.has("again"),
    });
  } finally {
    await cluster.close();
  }
}
