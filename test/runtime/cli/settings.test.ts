import assert from "node:assert/strict";
import { test } from "node:test";
import { spec } from "../worker/small.ts";
import { Desk } from "./surroundings.ts";

test("everything that is wrong with the settings is told at once, by every command", async () => {
  const plain = spec([]);
  const config = {
    ...plain.config,
    app: { env: "APP" },
    kafka: {
      sasl: { mechanism: "plain", username: "words", password: { env: "PASSWORD" } },
    } as const,
    registry: { url: { env: "REGISTRY" } },
  };
  const desk = new Desk({ ...plain, config });
  for (const command of [[], ["send", "words"], ["tail", "words"], ["topics", "plan"], ["reset"]]) {
    const { status, stdout, stderr } = await desk.run(...command, "--bootstrap", "here");
    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    for (const part of ["APP", "PASSWORD", "REGISTRY", "--bootstrap"]) {
      assert.ok(stderr.includes(part), `${command[0] ?? "worker"}: ${stderr}`);
    }
  }
});
