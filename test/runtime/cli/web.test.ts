/** When a worker opens a port. */
import assert from "node:assert/strict";
import test from "node:test";
import { createWorker as createShop } from "../../../fixtures/shop/in/generated/worker.ts";
import { createWorker } from "../../../fixtures/web/in/generated/worker.ts";
import { openWeb } from "../../../runtime/cli/web.ts";
import { modelRegistry } from "../../../runtime/codec/index.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { resolveSettings, type Settings } from "../../../runtime/worker/settings/settings.ts";
import { silent } from "../worker/small.ts";

const options = { log: memoryLog(), registry: modelRegistry(), logger: silent };
const shop = createShop(options);
const site = createWorker(options);

const settings = (env: Readonly<Record<string, string>>): Settings =>
  resolveSettings(site.spec, { env, isEmbedded: true });

test("no port is open where no function answers requests and nobody has asked for one", async () => {
  const given = { logger: silent, untilIdle: false };
  assert.equal(await openWeb(shop, settings({}), given), undefined);
  assert.equal(await openWeb(site, settings({}), { ...given, untilIdle: true }), undefined);
});

test("a port that was asked for has the worker's health", async () => {
  const told: unknown[] = [];
  const logger = {
    ...silent,
    info: (text: string, fields?: object) => void told.push(text, fields),
  };
  const asked = settings({ STREAMGEN_WEB_PORT: "0", STREAMGEN_WEB_HOST: "localhost" });
  const server = await openWeb(shop, asked, { logger, untilIdle: true });
  assert.ok(server);
  try {
    assert.deepEqual(told, ["answers requests", { address: server.address }]);
    const live = await fetch(`${server.address}/health/live`);
    assert.deepEqual(await live.json(), { state: "new", isReady: false, tasks: {} });
    const other = await fetch(`${server.address}/orders`);
    assert.equal(other.status, 503);
  } finally {
    await server.close();
  }
});

test("a port that is none is a problem of the settings", () => {
  assert.throws(() => settings({ STREAMGEN_WEB_PORT: "70000" }), {
    code: "SG8002",
    message: /^STREAMGEN_WEB_PORT is "70000"/,
  });
});
