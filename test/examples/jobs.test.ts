/** examples/jobs: a queue of work that waits for others, and a leader. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import {
  announcementsTopic,
  failedJobsTopic,
  jobsTopic,
  resultsTopic,
} from "../../examples/jobs/generated/topics.ts";
import { createWorker } from "../../examples/jobs/generated/worker.ts";
import { type Fetcher, type Job, work } from "../../examples/jobs/src/jobs.ts";

const job = (number: number, url: string): Job => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  ...{ site: new URL(url).host, url },
});

test("a job's result is what its page says", async () => {
  const fetcher: Fetcher = { fetch: async () => "OK", async [Symbol.asyncDispose]() {} };
  const one = job(1, "http://site/page");
  assert.deepEqual(await work(one, fetcher), { job: one.id, site: "site", status: "OK" });
});

test("a job that fails is put aside, and the others are done", async (t) => {
  // The one thing that is not the pipeline's own: the network.
  t.mock.method(globalThis, "fetch", async (url: string) => {
    if (url.endsWith("/broken")) throw new Error("no route");
    return new Response("", { statusText: "fine" });
  });
  await using jobs = await openDriver(createWorker);
  const urls = ["http://a/1", "http://a/broken", "http://b/1", "http://a/2"];
  await jobs.push(
    jobsTopic,
    urls.map((url, number) => job(number, url)),
  );
  const results = await jobs.values(resultsTopic);
  assert.deepEqual(results.map(({ site, status }) => `${site} ${status}`).sort(), [
    "a fine",
    "a fine",
    "b fine",
  ]);
  const [failed, ...more] = await jobs.records(failedJobsTopic);
  assert.deepEqual(more, []);
  assert.match(String(failed?.headers["sg-dlq-message"]), /no route/);
});

test("there is one leader, and another one when it is gone", async () => {
  await using jobs = await openDriver(createWorker, {
    workers: 2,
    start: new Date("2026-01-02T07:59:35Z"),
  });
  await jobs.advance("10s");
  await jobs.crash({ restart: false });
  await jobs.advance("20s");
  const texts = (await jobs.values(announcementsTopic)).map(
    ({ text, at }) => `${at.toISOString().slice(11, 19)} ${text}`,
  );
  // Nine o'clock in Berlin, on a Friday.
  assert.deepEqual(texts.sort(), [
    "07:59:40 the leader is alive",
    "07:59:50 the leader is alive",
    "08:00:00 the leader is alive",
    "08:00:00 the shop opens",
  ]);
});
