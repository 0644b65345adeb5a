import { modelRegistry } from "../codec/registry/model/model-registry.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import type { Log } from "../log/log.ts";
import { memoryLog } from "../log/memory-log.ts";
import { registryOf as openedRegistry } from "../worker/connect/open-registry.ts";
import type { Worker } from "../worker/contract.ts";
import type { Logger } from "../worker/scope.ts";
import { resolveSettings, type Settings } from "../worker/settings/settings.ts";
import { checkEmbeddedThreads } from "../worker/threads/threaded-worker.ts";
import { prepareTopics, type Topics } from "../worker/topics/topics.ts";
import { collect } from "./collect.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { feed } from "./feed.ts";
import { topicNamed } from "./find-topic.ts";
import { JsonTopic } from "./json-topic.ts";
import { checkReadable } from "./lines.ts";
import { readableLogger, withoutFailures } from "./logger.ts";
import { checkWritable, type OutputFile, openOutput } from "./output-file.ts";
import { failureOf, printConfig, specOf } from "./run-worker.ts";
import { Show, shownTopics } from "./show.ts";
import { type Summary, summaryJson, summaryText } from "./summary.ts";
import type { CreateWorker, Surroundings } from "./surroundings.ts";
import { openWeb } from "./web.ts";
import type { TopicFile, WorkerFlags } from "./worker-flags.ts";

interface Run {
  readonly settings: Settings;
  readonly options: WorkerFlags;
  readonly around: Surroundings;
  readonly log: Log;
  readonly registry: SchemaRegistry;
  readonly worker: Worker;
  readonly topics: Topics;
  readonly summary: Summary;
  readonly logger: Logger;
}

/**
 * Runs a pipeline on an embedded log: sends the inputs, runs until all is processed or a signal says
 * stop, writes the outputs. Outputs appear only when everything has succeeded.
 */
export async function runEmbedded(
  createWorker: CreateWorker,
  options: WorkerFlags,
  around: Surroundings,
): Promise<ExitCode> {
  const { env } = around;
  const flags = options.settings;
  const spec = specOf(createWorker, env, flags);
  const settings = resolveSettings(spec, { env, flags, isEmbedded: true });
  if (options.printsConfig) return printConfig(settings, { flags: options, around });
  checkEmbeddedThreads(settings);
  const log = memoryLog();
  const registry = registryOf(settings, options, around);
  const logger = withoutFailures(readableLogger(around.note, around.now, options));
  const worker = createWorker({ log, registry, logger, env, flags });
  checkFiles(worker, options);
  const topics = await prepareTopics(log, worker.spec, settings, { makesExternal: true });
  const summary: Summary = {
    begunMs: around.now(),
    sent: [],
    written: [],
    skipped: 0,
    deadLetters: 0,
  };
  const run: Run = { options, around, settings, log, registry, worker, topics, summary, logger };
  try {
    if (!((await sendInputs(run)) && (await runWorker(run)))) {
      around.note("interrupted: no output was written\n");
      return exitCode.interrupted;
    }
    await writeOutputs(run);
  } finally {
    around.progress.done();
    await log.close();
  }
  await reportSummary(run);
  return exitCode.fine;
}

/** In memory, like the log; where brokers were only not configured, a registry that is counts. */
function registryOf(
  settings: Settings,
  { embedded, isQuiet }: WorkerFlags,
  { note }: Surroundings,
): SchemaRegistry {
  if (settings.registry === undefined) return modelRegistry();
  const configured = embedded === "by-default" ? openedRegistry(settings) : undefined;
  if (configured !== undefined) return configured;
  if (!isQuiet) note("the configured registry is not asked: --embedded keeps schemas in memory\n");
  return modelRegistry();
}

async function reportSummary({ options, around, summary }: Run): Promise<void> {
  if (options.isJson) {
    // Where records go to standard output, they are alone there.
    const hasOutput = options.outputs.some(({ file }) => file === "-");
    const text = summaryJson(summary, around.now());
    if (hasOutput) around.note(text);
    else await around.print(text);
  } else if (!options.isQuiet) {
    around.note(summaryText(summary, around.now()));
  }
}

/** Everything that can be refused before work begins is refused now. */
function checkFiles({ spec }: Worker, flags: WorkerFlags): void {
  const { inputs, outputs } = flags;
  shownTopics(spec, flags);
  for (const { topic } of [...inputs, ...outputs]) topicNamed(spec.topics, topic);
  for (const { file } of inputs) checkReadable(file);
  for (const { file } of outputs) checkWritable(file);
}

function openTopic({ worker, topics, registry, options }: Run, name: string): Promise<JsonTopic> {
  return JsonTopic.open(topicNamed(worker.spec.topics, name), {
    name: topics.nameOf(name),
    partitions: topics.partitionsOf(name),
    registry,
    hasEnvelope: options.hasEnvelope,
  });
}

/** All input is there before the first record is taken, so that inputs merge by time exactly. */
async function sendInputs(run: Run): Promise<boolean> {
  const { options, around, log, summary } = run;
  const producer = await log.producer({});
  for (const { topic, file } of options.inputs) {
    around.progress.begin(`reading ${file}`);
    const records = await feed({
      producer,
      topic: await openTopic(run, topic),
      file,
      before: "void",
      now: () => summary.begunMs,
      onProgress: (sent) => around.progress.at(sent),
      stop: around.stop,
    });
    if (around.stop.isRequested) return false;
    summary.sent.push({ topic, records });
  }
  await producer.close();
  return true;
}

/** Gives false where it was stopped before it was done. */
async function runWorker(run: Run): Promise<boolean> {
  const { options, around, worker, summary } = run;
  let records = 0;
  around.progress.begin("processing");
  worker.on("committed", (event) => {
    records += event.records;
    if (options.untilIdle) around.progress.at(records);
  });
  // The worker itself logs each one.
  worker.on("skipped", () => {
    summary.skipped++;
  });
  worker.on("deadLettered", () => {
    summary.deadLetters++;
  });
  const failed = failureOf(worker);
  const show = new Show(run, { spec: worker.spec, settings: run.settings, flags: options }, around);
  const { logger, settings } = run;
  const web = await openWeb(worker, settings, { logger, untilIdle: options.untilIdle });
  await worker.start();
  await show.begin();
  if (!(options.untilIdle || options.isQuiet)) around.note("running; Ctrl-C stops it\n");
  const done = options.untilIdle ? worker.idle() : new Promise<void>(() => undefined);
  try {
    await Promise.race([done, failed, around.stop.requested]);
  } finally {
    await web?.close();
    await worker.stop();
    await show.end();
  }
  return !(options.untilIdle && around.stop.isRequested);
}

async function writeOutputs(run: Run): Promise<void> {
  const files: OutputFile[] = [];
  try {
    for (const output of run.options.outputs) files.push(await writeOutput(run, output));
    for (const file of files) file.appear();
  } catch (cause) {
    for (const file of files) file.abandon();
    throw cause;
  }
}

async function writeOutput(run: Run, { topic, file }: TopicFile): Promise<OutputFile> {
  const { around, log, summary } = run;
  around.progress.begin(`writing ${file}`);
  const output = openOutput(checkWritable(file));
  try {
    let records = 0;
    await collect(log, await openTopic(run, topic), (line) => {
      output.line(line);
      around.progress.at(++records);
    });
    output.finish();
    summary.written.push({ topic, records });
    return output;
  } catch (cause) {
    output.abandon();
    throw cause;
  }
}
