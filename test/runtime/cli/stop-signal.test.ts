import assert from "node:assert/strict";
import test from "node:test";
import { listenForStop, type StopSignal } from "../../../runtime/cli/stop-signal.ts";

interface Listening {
  readonly stop: StopSignal;
  /** Sends a signal at a time in milliseconds. */
  send(atMs: number): void;
  ended(): number;
}

function listen(): Listening {
  const listeners: (() => void)[] = [];
  let nowMs = 0;
  let ended = 0;
  const source = { on: (_signal: string, listener: () => void) => listeners.push(listener) };
  const stop = listenForStop(
    source,
    () => nowMs,
    () => {
      ended++;
    },
  );
  return {
    stop,
    send(atMs) {
      nowMs = atMs;
      listeners[0]?.();
    },
    ended: () => ended,
  };
}

test("a signal is a wish to stop", async () => {
  const { stop, send, ended } = listen();
  assert.equal(stop.isRequested, false);
  send(1000);
  await stop.requested;
  assert.equal(stop.isRequested, true);
  assert.equal(ended(), 0);
});

test("the same signal passed on by a parent is not a second one", () => {
  const { send, ended } = listen();
  send(1000);
  send(1003);
  assert.equal(ended(), 0);
});

test("a second signal ends the process at once", () => {
  const { send, ended } = listen();
  send(1000);
  send(2000);
  assert.equal(ended(), 1);
});
