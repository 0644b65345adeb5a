import assert from "node:assert/strict";
import test from "node:test";
import { random } from "../../random.ts";
import {
  append,
  ledgerWorker,
  outcome,
  randomEntries,
  recompute,
  type Style,
  stillLog,
} from "./ledger.ts";

const styles: readonly Style[] = ["each", "event", "async", "stream"];

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  for (const style of styles) {
    test(`a pipeline with a counting agent as ${style} comes to the right end, ${delivery}`, async () => {
      const { clock, log } = stillLog();
      const list = randomEntries(random(1), 200);
      await append(log, list);
      const worker = ledgerWorker({ log, clock, delivery }, style);
      await worker.start();
      await worker.idle();
      assert.deepEqual(outcome(log), recompute(list));
      await worker.stop();
      assert.equal(worker.health().state, "stopped");
    });
  }
}
