import assert from "node:assert/strict";
import test from "node:test";
import { manualClock, systemClock } from "../../runtime/clock.ts";

test("a manual clock stands still until it is turned", async () => {
  const clock = manualClock(1_000);
  assert.equal(clock.now(), 1_000);
  await clock.advance(250);
  assert.equal(clock.now(), 1_250);
});

test("tasks run in order of time, then of creation, each at its own time", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
  clock.timer(20, note("late"));
  clock.timer(10, note("first"));
  clock.timer(10, note("second"));
  clock.timer(30, note("not yet"));
  await clock.advance(25);
  assert.deepEqual(ran, ["first@10", "second@10", "late@20"]);
  assert.equal(clock.nextDue, 30);
});

test("what a task sets going has settled before the next one runs", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const work = async () => {
    await clock.sleep(5);
    ran.push(`slept@${clock.now()}`);
    await Promise.resolve();
    clock.timer(1, () => ran.push(`again@${clock.now()}`));
  };
  const done = work();
  clock.timer(7, () => ran.push(`seven@${clock.now()}`));
  await clock.advance(10);
  await done;
  assert.deepEqual(ran, ["slept@5", "again@6", "seven@7"]);
});

test("a cancelled task does not run", async () => {
  const clock = manualClock();
  let ran = 0;
  clock.timer(1, () => ran++).cancel();
  const kept = clock.timer(2, () => ran++);
  await clock.advance(5);
  kept.cancel();
  assert.equal(ran, 1);
});

test("the system clock goes on and its timers fire", async () => {
  const before = systemClock.now();
  await systemClock.sleep(1);
  await new Promise<void>((resolve) => {
    systemClock.timer(1, resolve);
  });
  assert.ok(systemClock.now() > before);
});

test("a task of the system clock can be months away", async () => {
  let ran = 0;
  const timer = systemClock.timer(1e11, () => ran++);
  await systemClock.sleep(5);
  timer.cancel();
  assert.equal(ran, 0);
});
