import type { TopicSettings } from "../log/log.ts";
import { registryFor } from "../worker/services/registry-for.ts";
import { resolveSettings } from "../worker/settings/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { flagValue, givenSettings, type Invocation } from "./arguments.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { feed } from "./feed.ts";
import { type FoundTopic, findTopic } from "./find-topic.ts";
import { JsonTopic } from "./json-topic.ts";
import { checkReadable } from "./lines.ts";
import type { Surroundings } from "./surroundings.ts";
import { countText, plural, retentionText, secondsText } from "./text.ts";

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
    const oldestMs = oldestKept(found.settings, around.now());
    let tooOld = 0;
    const records = await feed({
      ...{ producer, topic, file, stop, before: "sent" },
      now: around.now,
      onTime: (timestamp) => {
        if (timestamp < oldestMs) tooOld += 1;
      },
      onProgress: (sent) => progress.at(sent),
    });
    await producer.close();
    progress.done();
    const passedMs = around.now() - begunMs;
    await report({ records, tooOld, passedMs, topic: found }, { invocation, around });
    return stop.isRequested ? exitCode.interrupted : exitCode.fine;
  } finally {
    progress.done();
    await cluster.close();
  }
}

/** The time before which a topic's records may be deleted as soon as they are there. */
function oldestKept({ cleanup, retentionMs, config }: TopicSettings, now: number): number {
  // The broker replaces their times by its own.
  const isRestamped = config["message.timestamp.type"] === "LogAppendTime";
  const keepsAll = retentionMs < 0 || cleanup === "compact" || isRestamped;
  return keepsAll ? Number.NEGATIVE_INFINITY : now - retentionMs;
}

interface Sent {
  readonly records: number;
  /** Of them, those that the topic does not keep any more. */
  readonly tooOld: number;
  readonly passedMs: number;
  readonly topic: FoundTopic;
}

async function report(
  sent: Sent,
  { invocation, around }: { readonly invocation: Invocation; readonly around: Surroundings },
): Promise<void> {
  const { records, tooOld, passedMs, topic } = sent;
  const { switches } = invocation;
  if (switches.has("json")) {
    const old = tooOld === 0 ? {} : { tooOld };
    const summary = { type: "sent", topic: topic.name, records, ...old, seconds: passedMs / 1000 };
    await around.print(`${JSON.stringify(summary)}\n`);
    return;
  }
  if (!switches.has("quiet")) {
    around.note(`${plural(records, "record")} sent to ${topic.name}   ${secondsText(passedMs)}\n`);
  }
  if (tooOld > 0) around.note(`warning: ${tooOldText(sent)}\n`);
}

function tooOldText({ records, tooOld, topic }: Sent): string {
  const share = `${countText(tooOld)} of ${plural(records, "record")}`;
  const kept = `the ${retentionText(topic.settings.retentionMs)} that topic "${topic.name}" keeps`;
  const are = tooOld === 1 ? "is" : "are";
  return `${share} ${are} older than ${kept} (retention.ms): the broker may delete them`;
}
