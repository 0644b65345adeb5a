import { StreamgenError } from "../errors.ts";
import type { WebServer } from "../web/server.ts";
import type { Worker } from "../worker/contract.ts";
import type { Logger } from "../worker/scope.ts";
import { jsonLogger } from "../worker/services/json-logger.ts";
import { resolveSettings, type Settings } from "../worker/settings/settings.ts";
import { settingsJson, settingsText } from "../worker/settings/show.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { threadedWorker, threadsOf } from "../worker/threads/threaded-worker.ts";
import { refuse } from "./arguments.ts";
import { exitCodeOf } from "./error-code.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { failureJson } from "./failure.ts";
import { quieter, readableLogger, withoutFailures } from "./logger.ts";
import { Refusal } from "./refusal.ts";
import { Show, shownTopics } from "./show.ts";
import type { Cluster, CreateWorker, Surroundings } from "./surroundings.ts";
import { secondsText } from "./text.ts";
import { openWeb } from "./web.ts";
import type { WorkerFlags } from "./worker-flags.ts";
import { reportWorker } from "./worker-report.ts";

/** A worker that takes longer to stop is left: what it has not committed is done again elsewhere. */
const stopMaxMs = 9_500;
/** What the worker gives itself for all of stopping, half of it for agents that are busy. */
const settleMaxMs = 9_000;

/**
 * Runs a pipeline on the configured log, until it fails, a signal says stop or, with `--until-idle`,
 * everything is processed.
 */
export async function runWorker(
  createWorker: CreateWorker,
  flags: WorkerFlags,
  around: Surroundings,
): Promise<ExitCode> {
  checkFlags(flags);
  const { env } = around;
  const spec = specOf(createWorker, env, flags.settings);
  const settings = resolveSettings(spec, { env, flags: flags.settings });
  if (flags.printsConfig) return printConfig(settings, { flags, around });
  const begunMs = around.now();
  const logger = loggerFor(flags, around);
  const count = threadsOf(settings);
  const options = { flags: flags.settings, logger: withoutFailures(logger), settleMaxMs };
  const worker =
    count > 1
      ? threadedWorker({ spec, settings, count, ...options })
      : createWorker({ env, ...options, ...around.workerOptions });
  const { now, progress, notesToTerminal } = around;
  reportWorker(worker, { logger, now, progress, isTerminal: notesToTerminal && !flags.isJson });
  const hasShown = shownTopics(spec, flags).length > 0;
  let cluster: Cluster | undefined;
  let web: WebServer | undefined;
  try {
    web = await openWeb(worker, settings, { logger, untilIdle: flags.untilIdle });
    cluster = hasShown ? await around.connect(settings) : undefined;
    const show = cluster && new Show(cluster, { spec, settings, flags }, around);
    return await live(worker, { flags, around, logger, begunMs, show });
  } catch (cause) {
    return lastWord(cause, { flags, around });
  } finally {
    progress.done();
    await web?.close();
    await cluster?.close();
  }
}

/**
 * Where the log is JSON lines, so is what ends it. Anything else is left to the caller: what was typed
 * wrong is for whoever has typed it.
 */
function lastWord(cause: unknown, { flags, around }: Pick<Life, "flags" | "around">): ExitCode {
  const code = exitCodeOf(cause);
  if (!(cause instanceof StreamgenError) || code === exitCode.usage || !logsJson(flags, around)) {
    throw cause;
  }
  around.progress.done();
  around.note(failureJson(cause, around.now()));
  return code;
}

function logsJson(
  { isJson }: Pick<WorkerFlags, "isJson">,
  { notesToTerminal }: Surroundings,
): boolean {
  return isJson || !notesToTerminal;
}

/** What a pipeline is. Throws SG8002 with everything that is wrong with its settings on a cluster. */
export function specOf(
  createWorker: CreateWorker,
  env: Surroundings["env"],
  flags: Readonly<Record<string, string>>,
): PipelineSpec {
  return createWorker({ env, flags }).spec;
}

/** `--print-config`: secrets are `***`. */
export async function printConfig(
  { shown }: Settings,
  { flags, around }: { readonly flags: WorkerFlags; readonly around: Surroundings },
): Promise<ExitCode> {
  await around.print(flags.isJson ? settingsJson(shown) : settingsText(shown));
  return exitCode.fine;
}

interface Life {
  readonly flags: WorkerFlags;
  readonly around: Surroundings;
  readonly logger: Logger;
  readonly begunMs: number;
  readonly show: Show | undefined;
}

async function live(worker: Worker, life: Life): Promise<ExitCode> {
  const { flags, around, logger, begunMs, show } = life;
  const { stop, now, progress } = around;
  let records = 0;
  worker.on("committed", (event) => {
    records += event.records;
  });
  const failed = failureOf(worker);
  const running = startAndRun(worker, life);
  // Once somebody wants to stop, what becomes of a start under way is not asked any more.
  running.catch(() => undefined);
  try {
    await Promise.race([running, failed, stop.requested]);
  } finally {
    progress.done();
    await stopInTime(worker, around);
    await show?.end();
  }
  logger.info("stopped", { records, tookMs: now() - begunMs });
  return flags.untilIdle && stop.isRequested ? exitCode.interrupted : exitCode.fine;
}

/** Resolves when everything is processed, with `--until-idle`; otherwise never. */
async function startAndRun(worker: Worker, life: Life): Promise<void> {
  const { flags, around, logger, begunMs, show } = life;
  await show?.prepare();
  await worker.start();
  await show?.begin();
  await worker.ready();
  around.progress.done();
  const tasks = worker.health().tasks.length;
  logger.info("ready", { tasks, tookMs: around.now() - begunMs });
  await (flags.untilIdle ? worker.idle() : new Promise<never>(() => undefined));
}

/** Rejects when a task or the worker has failed. */
export function failureOf(worker: Worker): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    worker.on("error", ({ error }) => reject(error));
  });
  // Where starting fails as well, nobody waits for this one.
  failed.catch(() => undefined);
  return failed;
}

/** Throws SG8513 where the worker does not stop in time. */
async function stopInTime(worker: Worker, { now }: Surroundings): Promise<void> {
  const begunMs = now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(now() - begunMs)), stopMaxMs);
  });
  try {
    await Promise.race([worker.stop(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(passedMs: number): Refusal {
  const message = `the worker has not stopped within ${secondsText(passedMs)}`;
  return new Refusal("SG8513", message, {
    fix: "nothing is lost: what was not committed is done again by the next worker",
    exitCode: exitCode.failed,
  });
}

export function loggerFor(
  flags: Pick<WorkerFlags, "isQuiet" | "isVerbose" | "isJson">,
  around: Surroundings,
): Logger {
  const { note, now } = around;
  const { isQuiet, isVerbose } = flags;
  const levels = { isQuiet, isVerbose };
  return logsJson(flags, around)
    ? quieter(jsonLogger(now, note), levels)
    : readableLogger(note, now, levels);
}

/** Files belong to the embedded log: topics of a cluster hold more than one run's records. */
function checkFlags({ inputs, outputs }: WorkerFlags): void {
  const [input] = inputs;
  const [output] = outputs;
  if (input !== undefined) {
    const fix = `add --embedded, or send them: send ${input.topic} --file ${input.file}`;
    refuse("--input is for the embedded log", fix);
  }
  if (output !== undefined) {
    const fix = `add --embedded, or print them: tail ${output.topic} --no-follow`;
    refuse("--output is for the embedded log", fix);
  }
}
