/** examples/logins: five failures of one address within five minutes raise an alert. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import { alertsTopic, attemptsTopic } from "../../examples/logins/generated/topics.ts";
import { createWorker } from "../../examples/logins/generated/worker.ts";
import type { Attempt } from "../../examples/logins/src/logins.ts";

const attempt = (address: string, seconds: number, succeeded = false): Attempt => ({
  ...{ address, succeeded, user: "ann" },
  at: new Date(Date.UTC(2026, 0, 1, 0, 10, seconds)),
});

const failures = (address: string, times: readonly number[]): readonly Attempt[] =>
  times.map((seconds) => attempt(address, seconds));

test("five failures in five minutes raise an alert, and five in an hour do not", async () => {
  await using logins = await openDriver(createWorker);
  await logins.push(attemptsTopic, failures("10.0.0.1", [0, 10, 20, 30]));
  await logins.crash();
  await logins.push(attemptsTopic, [attempt("10.0.0.1", 40, true), attempt("10.0.0.1", 50)]);
  // Time goes on: what would come now for the first address would be late.
  await logins.push(attemptsTopic, failures("10.0.0.2", [0, 900, 1800, 2700, 3500]));
  const alerts = await logins.values(alertsTopic);
  assert.deepEqual(alerts, [{ address: "10.0.0.1", failures: 5 }]);
});
