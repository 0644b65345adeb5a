/** The store thread: owns the database, and answers calls. */
import { parentPort, workerData } from "node:worker_threads";
import { StreamgenError } from "../../errors.ts";
import { openLegacy } from "../rocksdb-legacy/legacy-database.ts";
import { storeFailure } from "./failure.ts";
import type { Answers, Call, Kind, Reply, ThreadPlan } from "./messages.ts";
import { openNative } from "./native-database.ts";
import { StoreServer } from "./store-server.ts";

// The other side of a thread's start has the same type: `StoreThread.start`.
const plan = workerData as ThreadPlan;
const server = new StoreServer(
  plan.folder,
  plan.memoryBytes,
  plan.binding === "rocksdb" ? openLegacy : openNative,
);

parentPort?.on("message", (call: Call) => {
  void answer(call).then((reply) => send(call, reply));
});

async function answer({ id, request }: Call): Promise<Reply> {
  try {
    const given = await server.answer(request);
    return { id, answer: given, warnings: server.takeWarnings() };
  } catch (error) {
    const { code, message, place } =
      error instanceof StreamgenError ? error : storeFailure(error, plan.folder);
    return { id, failure: { code, message, place }, warnings: server.takeWarnings() };
  }
}

function send({ isAwaited }: Call, reply: Reply): void {
  const list = transfers(reply.answer);
  if (!isAwaited) parentPort?.postMessage(reply, list);
  else {
    plan.port.postMessage(reply, list);
    Atomics.add(plan.signal, 0, 1);
    Atomics.notify(plan.signal, 0);
  }
}

/** Below, a copy costs less than handing over does. */
const transferMinBytes = 16 * 1024;

function transfers(answer: Answers[Kind] | undefined): ArrayBuffer[] {
  const bytes = answer !== undefined && "rows" in answer ? answer.rows : answer;
  return bytes instanceof ArrayBuffer && bytes.byteLength >= transferMinBytes ? [bytes] : [];
}
