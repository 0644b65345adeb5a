/**
 * A worker of `fixtures/tally` in a process of its own, to be killed:
 * `tally-worker.ts <folder of the pipeline> <bootstrap> <state folder> [<instance>]`. It says on standard
 * output what it does. SIGTERM stops it in good order.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker, WorkerOptions } from "@streamgen/runtime";

const [folder = "", bootstrap = "", state = "", instance] = process.argv.slice(2);
const generated: { createWorker(options: WorkerOptions): Worker } = await import(
  pathToFileURL(path.join(folder, "generated/worker.ts")).href
);
const worker = generated.createWorker({
  flags: { bootstrap, state },
  sessionTimeoutMs: 2000,
  ...(instance === undefined ? {} : { instance }),
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
worker.on("restored", ({ group, partition, records }) =>
  say(`restored ${group} ${partition} ${records}`),
);
worker.on("restoring", ({ table, partition, records, of }) =>
  say(`restoring ${table} ${partition} ${records} of ${of}`),
);
worker.on("committed", ({ records }) => say(`committed ${records}`));
worker.on("aborted", ({ error }) => say(`aborted ${error.code}`));
worker.on("error", ({ error }) => say(`error ${error.code} ${error.message}`));
process.once("SIGTERM", () => {
  worker.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      say(`stop failed ${error}`);
      process.exit(1);
    },
  );
});
await worker.start();
say("started");
