import { registryFor } from "../worker/registry-for.ts";
import { resolveSettings } from "../worker/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { flagValue, givenSettings, type Invocation } from "./arguments.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { feed } from "./feed.ts";
import { findTopic } from "./find-topic.ts";
import { JsonTopic } from "./json-topic.ts";
import { checkReadable } from "./lines.ts";
import type { Surroundings } from "./surroundings.ts";
import { plural, secondsText } from "./text.ts";

/**
 * `send <topic>`: sends lines and says how many the log has acknowledged. After a line that cannot be
 * used nothing more is sent; the lines before it are.
 */
export async function send(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const { env, progress, stop } = around;
  const { switches } = invocation;
  const file = flagValue(invocation, "file") ?? "-";
  checkReadable(file);
  const settings = resolveSettings(spec, {
    env,
    flags: givenSettings(invocation),
  });
  const cluster = await around.connect(settings);
  try {
    const begunMs = around.now();
    const found = await findTopic(cluster.log, { spec, settings }, invocation.operand);
    const topic = await JsonTopic.open(found.spec, {
      name: found.name,
      partitions: found.partitions,
      registry: registryFor([found.spec], cluster.log, cluster.registry),
      hasEnvelope: switches.has("envelope"),
    });
    const producer = await cluster.log.producer({});
    progress.begin(`sending ${file}`);
    const records = await feed({
      ...{ producer, topic, file, stop, before: "sent" },
      now: around.now,
      onProgress: (sent) => progress.at(sent),
    });
    await producer.close();
    progress.done();
    const passedMs = around.now() - begunMs;
    await report(records, passedMs, found.name, { invocation, around });
    return stop.isRequested ? exitCode.interrupted : exitCode.fine;
  } finally {
    progress.done();
    await cluster.close();
  }
}

async function report(
  records: number,
  passedMs: number,
  topic: string,
  { invocation, around }: { readonly invocation: Invocation; readonly around: Surroundings },
): Promise<void> {
  const { switches } = invocation;
  if (switches.has("json")) {
    const summary = { type: "sent", topic, records, seconds: passedMs / 1000 };
    await around.print(`${JSON.stringify(summary)}\n`);
  } else if (!switches.has("quiet")) {
    around.note(`${plural(records, "record")} sent to ${topic}   ${secondsText(passedMs)}\n`);
  }
}
