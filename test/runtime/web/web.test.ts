/** Requests over HTTP, answered by generated code. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import test from "node:test";
import type { Worker } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { createWorker } from "../../../fixtures/web/in/generated/worker.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { serveWeb, type WebServer } from "../../../runtime/web/server.ts";
import { silent } from "../worker/small.ts";

interface Site {
  readonly log: MemoryLog;
  readonly worker: Worker;
  readonly server: WebServer;
  readonly logged: string[];
}

async function open(): Promise<Site> {
  const log = memoryLog();
  const logged: string[] = [];
  const logger = { ...silent, error: (text: string) => void logged.push(text) };
  const worker = createWorker({ log, registry: modelRegistry(), logger, commitIntervalMs: 10 });
  const server = await serveWeb(worker, { host: "127.0.0.1", port: 0, logger });
  return { log, worker, server, logged };
}

async function withSite(work: (site: Site) => Promise<void>, starts = true): Promise<void> {
  const site = await open();
  try {
    if (starts) {
      await site.worker.start();
      await site.worker.ready();
    }
    await work(site);
  } finally {
    await site.server.close();
    await site.worker.stop();
    await site.log.close();
  }
}

const json = (method: string, value: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

const order = { id: "1", customer: "ann", items: 3, placedAt: "2026-11-01T09:00:00.000Z" };

test("a body is sent on before the answer, and a view answers from what is committed", async () => {
  await withSite(async ({ server, worker, log }) => {
    const posted = await fetch(`${server.address}/orders`, json("POST", order));
    assert.deepEqual([posted.status, await posted.json()], [200, { id: "1" }]);
    assert.equal(log.records("orders").length, 1);
    await fetch(`${server.address}/orders`, json("POST", { ...order, id: "2" }));
    await worker.idle();
    const total = await fetch(`${server.address}/totals/ann`);
    assert.match(total.headers.get("content-type") ?? "", /^application\/json/);
    assert.deepEqual(await total.json(), { items: "6", last: order.placedAt });
    const count = await fetch(`${server.address}/totals/count`);
    assert.equal(await count.json(), 1);
    const nobody = await fetch(`${server.address}/totals/bob`);
    assert.equal(nobody.status, 204);
    const head = await fetch(`${server.address}/totals/ann`, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  });
});

test("parameters, queries, headers, responses and every method", async () => {
  await withSite(async ({ server: { address }, log }) => {
    const tags = await fetch(`${address}/orders/a%20b/tags/x`, json("PUT", ["one", "two"]));
    assert.deepEqual([tags.status, await tags.text()], [202, "tagged"]);
    assert.equal(tags.headers.get("x-tags"), "2");
    const patched = await fetch(`${address}/orders/7`, json("PATCH", { items: 4 }));
    assert.equal(patched.status, 204);
    const gone = await fetch(`${address}/orders/7`, { method: "DELETE" });
    assert.equal(gone.status, 204);
    const lines = log.records("lines").map(({ value }) => String(value));
    assert.deepEqual([...lines].sort(), ["7 has 4", "7 is gone", "a b x one", "a b x two"]);
    assert.equal(await (await fetch(`${address}/?name=ann`)).json(), "hello ann");
    const named = await fetch(address, { headers: { "x-name": "bob" } });
    assert.equal(await named.json(), "hello bob");
  });
});

test("what does not fit is refused in words, and nothing is told of the place in the code", async () => {
  await withSite(async ({ server: { address }, log, logged }) => {
    const told = async (path: string, init?: RequestInit): Promise<readonly unknown[]> => {
      const answer = await fetch(`${address}${path}`, init);
      const { error } = (await answer.json()) as { error: string };
      return [answer.status, error];
    };
    assert.deepEqual(await told("/nowhere"), [404, "there is nothing under this path"]);
    assert.deepEqual(await told("/orders/7/"), [404, "there is nothing under this path"]);
    assert.deepEqual(await told("/orders"), [405, "use POST"]);
    assert.deepEqual(await told("/totals/%E0%A4%A"), [400, "the path has escapes that are none"]);
    const wrong = await told("/orders", json("POST", { ...order, items: "many" }));
    assert.equal(wrong[0], 400);
    assert.match(String(wrong[1]), /^items: expected .*, found "many"$/);
    const unknown = await told("/orders", json("POST", { ...order, more: 1 }));
    assert.deepEqual(unknown, [400, "more: there is no such property"]);
    const broken = { ...json("POST", 1), body: "{" };
    assert.deepEqual(await told("/orders", broken), [400, "the body is no JSON"]);
    const plain = { method: "POST", body: JSON.stringify(order) };
    assert.deepEqual(await told("/orders", plain), [415, "send application/json"]);
    const zipped = { ...json("POST", order), headers: { "content-encoding": "gzip" } };
    assert.equal((await told("/orders", zipped))[0], 415);
    const large = { ...json("POST", order), body: "x".repeat(1_048_577) };
    assert.deepEqual(await told("/orders", large), [413, "the body has more than 1048576 bytes"]);
    assert.deepEqual(await told("/?fail"), [500, "the request failed"]);
    assert.deepEqual(logged, ["a request failed"]);
    assert.equal(log.records("orders").length, 0);
  });
});

test("health is live before it is ready; routes wait for the worker", async () => {
  await withSite(async ({ server: { address }, worker }) => {
    const statuses = async (): Promise<readonly number[]> => {
      const paths = ["/health/live", "/health/ready", "/health", "/totals/ann"];
      return await Promise.all(paths.map(async (path) => (await fetch(address + path)).status));
    };
    assert.deepEqual(await statuses(), [200, 503, 503, 503]);
    await worker.start();
    await worker.ready();
    assert.deepEqual(await statuses(), [200, 200, 200, 204]);
    const health = await (await fetch(`${address}/health`)).json();
    assert.deepEqual(health, { state: "running", isReady: true, tasks: { running: 2 } });
    const posted = await fetch(`${address}/health`, { method: "POST" });
    assert.equal(posted.status, 405);
    await worker.stop();
    assert.deepEqual(await statuses(), [503, 503, 503, 503]);
  }, false);
});

test("a server for its own machine answers to its own names only", async () => {
  await withSite(async ({ server: { address } }) => {
    const { port } = new URL(address);
    const status = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const options = { port, host: "127.0.0.1", path: "/health", headers: { host } };
        const sent = httpRequest(options, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on("error", reject).end();
      });
    assert.equal(await status(`localhost:${port}`), 200);
    assert.equal(await status("[::1]"), 200);
    assert.equal(await status("evil.example"), 421);
    assert.equal(await status("127.0.0.1.evil.example"), 421);
  });
});

test("a port that is taken is SG8524, and a connection that says nothing is closed", async () => {
  await withSite(async ({ server: { address }, worker }) => {
    const port = Number(new URL(address).port);
    const again = serveWeb(worker, { host: "127.0.0.1", port, logger: silent });
    await assert.rejects(again, { code: "SG8524", message: /is taken$/ });
    const socket = connect(port, "127.0.0.1");
    const answered = new Promise<string>((resolve, reject) => {
      let text = "";
      socket.on("data", (data) => {
        text += String(data);
      });
      socket.on("close", () => resolve(text)).on("error", reject);
    });
    socket.write(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`);
    assert.match(await answered, /^HTTP\/1.1 431 /);
  });
});

test("stopping waits for what has begun to be answered", async () => {
  await withSite(async ({ server: { address }, worker, log }) => {
    const asked = Array.from({ length: 20 }, (_, id) =>
      fetch(`${address}/orders/${id}`, json("PATCH", { items: id })),
    );
    // The first answer says that requests have arrived.
    await Promise.race(asked);
    await worker.stop();
    const answers = await Promise.all(asked);
    const done = answers.filter(({ status }) => status === 204);
    assert.ok(answers.every(({ status }) => status === 204 || status === 503));
    assert.equal(log.records("lines").length, done.length);
  });
});

test("many requests at once keep their sends apart", async () => {
  await withSite(async ({ server: { address }, log }) => {
    const asked = Array.from({ length: 60 }, (_, id) =>
      fetch(`${address}/orders/${id}`, json("PATCH", { items: id })),
    );
    const answers = await Promise.all(asked);
    assert.ok(answers.every(({ status }) => status === 204));
    const lines = log.records("lines").map(({ value }) => String(value));
    const wanted = Array.from({ length: 60 }, (_, id) => `${id} has ${id}`);
    assert.deepEqual([...lines].sort(), wanted.sort());
  });
});
