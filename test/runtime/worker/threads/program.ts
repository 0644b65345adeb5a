/**
 * A worker in two threads, each on a log of its own; started as a process, in each way of running one. It
 * has no types, so that the same text also runs as JavaScript. Its argument says what goes wrong.
 */
const base = process.env["RUNTIME"] ?? "";
const ending = process.env["ENDING"] ?? ".ts";
const load = (name: string) => import(new URL(`${name}${ending}`, base).href);
const { noBody, pipeline, route, source } = await load("worker/index");
const { nullKey, stringFormat } = await load("codec/index");
const { memoryLog } = await load("log/memory-log");
const { resolveSettings } = await load("worker/settings/settings");
const { serveThread } = await load("worker/threads/serve-thread");
const { threadedWorker } = await load("worker/threads/threaded-worker");
const { threadId } = await import("node:worker_threads");

const mode = process.argv[2];
const topic = { name: "words", partitions: 2, key: nullKey, value: stringFormat };
const config = {
  app: "threads",
  delivery: "exactly-once",
  commitIntervalMs: 10,
  partitions: 1,
  replicas: 1,
  topics: {},
};

const agent = {
  kind: "each",
  name: "look",
  onError: "stop",
  open(task: { context(name: string): { log: { info(text: string): void } } }) {
    const { log } = task.context("look");
    return (value: string) => {
      log.info(`saw ${value}`);
      if (mode === "throw") throw new Error("no such word");
      return mode === "hang" ? new Promise(() => undefined) : undefined;
    };
  },
};

let isFirst = false;

const greet = {
  name: "greet",
  open(scope: { sink(of: object): { emit(value: string): Promise<void> } }) {
    const sink = scope.sink(topic);
    return async () => {
      isFirst = true;
      await sink.emit("hello");
      if (mode === "crash") setTimeout(() => process.exit(7), 50);
    };
  },
};

/** Answers in the second thread only, as a view would that has the row there. */
const second = route({
  name: "second",
  method: "GET",
  path: "/second",
  params: () => ({}),
  body: noBody,
  open: () => () => (isFirst ? new Response("", { status: 503 }) : "here"),
});

const spec = {
  config,
  topics: [topic],
  groups: [
    { name: "words", sources: [source({ topic, agents: [agent] })], tables: [], timers: [] },
  ],
  timers: [],
  starts: [greet],
  routes: [second],
  resources: [{ name: "own", open: () => process.stdout.write(`resource in ${threadId}\n`) }],
};

const createWorker = (options: object) => {
  const worker = pipeline(1, spec, { ...options, log: memoryLog() });
  worker.on("started", ({ instance }: { instance: string }) =>
    process.stdout.write(`instance ${instance}\n`),
  );
  return worker;
};

if (!serveThread(createWorker)) {
  const say = (kind: string, more: object): void => console.log(JSON.stringify({ kind, ...more }));
  const at = (level: string) => (text: string, fields: object) =>
    say("log", { level, text, ...fields });
  const logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const settings = resolveSettings(spec, { isEmbedded: true, env: process.env });
  const worker = threadedWorker({ spec, settings, count: 2, logger, settleMaxMs: 200 });
  const failed = new Promise<void>((resolve) => {
    worker.on("error", ({ error }: { error: Error & { code: string } }) => {
      const { code, message, cause } = error;
      say("failed", { code, message, because: cause instanceof Error ? cause.stack : "" });
      resolve();
    });
  });
  worker.on("assigned", ({ thread, tasks }: { thread?: number; tasks: readonly object[] }) =>
    say("assigned", { thread, tasks: tasks.length }),
  );
  worker.on("started", ({ instance }: { instance: string }) => say("started", { instance }));
  worker.on("stopped", () => say("stopped", {}));
  await worker.start().catch((error: Error) => say("refused", { message: error.message }));
  const done = mode === "hang" ? new Promise((resolve) => setTimeout(resolve, 100)) : worker.idle();
  await Promise.race([done, failed]).catch(() => undefined);
  const { state, isReady, tasks, commits } = worker.health();
  say("health", { state, isReady, tasks: tasks.length, commits });
  if (mode === "run") {
    const body = new Uint8Array();
    const asked = { path: "/second", query: "", headers: {}, body };
    const got = await worker.handle({ ...asked, method: "GET" });
    const posted = await worker.handle({ ...asked, method: "POST" });
    say("answer", { get: `${got.status} ${Buffer.from(got.body)}`, post: posted.status });
  }
  await worker.stop().catch((error: Error) => say("late", { message: error.message }));
  say("end", { state: worker.health().state });
}
