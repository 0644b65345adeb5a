import { embeddedRegistry, type SchemaRegistry } from "../codec/registry.ts";
import type { Log } from "../log/log.ts";
import { memoryLog } from "../log/memory-log.ts";
import type { Worker, WorkerOptions } from "../worker/contract.ts";
import type { Logger } from "../worker/scope.ts";
import { resolveSettings } from "../worker/settings.ts";
import type { TopicSpec } from "../worker/spec.ts";
import { prepareTopics, type Topics } from "../worker/topics.ts";
import type { TopicFile, WorkerArguments } from "./arguments.ts";
import { collect } from "./collect.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { prepareExternalTopics } from "./external-topics.ts";
import { feed } from "./feed.ts";
import { JsonTopic } from "./json-topic.ts";
import { checkReadable } from "./lines.ts";
import { readableLogger } from "./logger.ts";
import { nearest } from "./nearest.ts";
import { checkWritable, type OutputFile, openOutput } from "./output-file.ts";
import type { Progress } from "./progress.ts";
import { Refusal } from "./refusal.ts";
import type { StopSignal } from "./stop-signal.ts";
import { type Summary, summaryJson, summaryText } from "./summary.ts";

/** Generated code's own function. */
export type CreateWorker = (options: WorkerOptions) => Worker;

/** What a run takes from its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Gets the text of what goes on. */
  note(text: string): void;
  /** Gets what programs read. */
  print(text: string): void;
  readonly progress: Progress;
  readonly stop: StopSignal;
}

interface Run {
  readonly options: WorkerArguments;
  readonly around: Surroundings;
  readonly log: Log;
  readonly registry: SchemaRegistry;
  readonly worker: Worker;
  readonly topics: Topics;
  readonly summary: Summary;
}

/**
 * Runs a pipeline on an embedded log: sends the inputs, runs until all is processed or a signal says
 * stop, writes the outputs. Outputs appear only when everything has succeeded.
 */
export async function runEmbedded(
  createWorker: CreateWorker,
  options: WorkerArguments,
  around: Surroundings,
): Promise<ExitCode> {
  const log = memoryLog();
  const registry = embeddedRegistry();
  const logger = withoutFailures(readableLogger(around.note, around.now, options));
  const { env } = around;
  const worker = createWorker({ log, registry, logger, env });
  checkFiles(worker, options);
  const settings = resolveSettings(worker.spec, { env });
  await prepareExternalTopics(log, worker.spec, settings);
  const topics = await prepareTopics(log, worker.spec, settings);
  const summary: Summary = { begunMs: around.now(), sent: [], written: [], skipped: 0 };
  const run: Run = { options, around, log, registry, worker, topics, summary };
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
  reportSummary(run);
  return exitCode.fine;
}

function reportSummary({ options, around, summary }: Run): void {
  if (options.isJson) {
    // Where records go to standard output, they are alone there.
    const hasOutput = options.outputs.some(({ file }) => file === "-");
    const text = summaryJson(summary, around.now());
    if (hasOutput) around.note(text);
    else around.print(text);
  } else if (!options.isQuiet) {
    around.note(summaryText(summary, around.now()));
  }
}

/** What stops the worker ends the run, which says it then: once is enough. */
function withoutFailures(logger: Logger): Logger {
  return {
    ...logger,
    error(text, fields) {
      if (!String(fields?.["code"]).startsWith("SG")) logger.error(text, fields);
    },
  };
}

/** Everything that can be refused before work begins is refused now. */
function checkFiles({ spec }: Worker, { inputs, outputs }: WorkerArguments): void {
  for (const { topic } of [...inputs, ...outputs]) topicNamed(spec.topics, topic);
  for (const { file } of inputs) checkReadable(file);
  for (const { file } of outputs) checkWritable(file);
}

function topicNamed(
  topics: readonly TopicSpec<unknown, unknown>[],
  name: string,
): TopicSpec<unknown, unknown> {
  const found = topics.find((topic) => topic.name === name);
  if (found !== undefined) return found;
  const names = topics.map((topic) => topic.name);
  const guess = nearest(name, names);
  const fix = guess === undefined ? `use one of: ${names.join(", ")}` : `write "${guess}"`;
  const message = `there is no topic "${name}"`;
  throw new Refusal("SG8502", message, { fix, exitCode: exitCode.usage });
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
    const sending = feed({
      producer,
      topic: await openTopic(run, topic),
      file,
      now: around.now(),
      onProgress: (sent) => around.progress.at(sent),
      stop: around.stop,
    });
    await Promise.race([sending, around.stop.requested]);
    if (around.stop.isRequested) {
      // A pipe may stay open for ever: its end is not waited for, nor its errors.
      sending.catch(() => undefined);
      return false;
    }
    const records = await sending;
    summary.sent.push({ topic, records });
  }
  await producer.close();
  return true;
}

/** Gives false where it was stopped before it was done. */
async function runWorker({ options, around, worker, summary }: Run): Promise<boolean> {
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
  const failed = new Promise<never>((_, reject) => {
    worker.on("error", ({ error }) => reject(error));
  });
  // Where starting fails as well, nobody waits for this one.
  failed.catch(() => undefined);
  await worker.start();
  if (!(options.untilIdle || options.isQuiet)) around.note("running; Ctrl-C stops it\n");
  const done = options.untilIdle ? worker.idle() : new Promise<void>(() => undefined);
  try {
    await Promise.race([done, failed, around.stop.requested]);
  } finally {
    await worker.stop();
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
