/** A registry behind TLS whose certificate an authority of one's own has signed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import test from "node:test";
import { registryClient } from "../../../../runtime/codec/registry/index.ts";
import { StreamgenError } from "../../../../runtime/errors.ts";
import { makeCertificates } from "../../../kafka/certificates.ts";
import { temporaryFolder } from "../../../temporary.ts";

test("registry.caFile decides whom to trust", async (t) => {
  const folder = temporaryFolder();
  const { ca, strangerCa } = makeCertificates(folder);
  const pem = readFileSync(path.join(folder, "server.pem"));
  const answers: Readonly<Record<string, readonly [status: number, body: string]>> = {
    "/subjects": [200, '["a"]'],
    "/subjects/a/versions": [404, '{"error_code":40401,"message":"none"}'],
    "/subjects/b/versions": [204, ""],
  };
  const bodies: string[] = [];
  const server = createServer({ cert: pem, key: pem }, (request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on("end", () => {
      const [status, body] = answers[request.url ?? ""] ?? [200, '{"id":7}'];
      response.writeHead(status, { "x-two": ["a", "b"] }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const urls = [`https://localhost:${port}`];
  const options = { attemptsMax: 1 };

  const trusting = registryClient({ urls, ca }, options);
  assert.deepEqual(await trusting.subjects(), ["a"]);
  assert.deepEqual(await trusting.versions("a"), []);
  assert.equal(await trusting.lookup("orders-value", '"int"'), 7);
  assert.deepEqual(bodies, ['{"schema":"\\"int\\""}']);
  await assert.rejects(
    trusting.versions("b"),
    (error) => error instanceof StreamgenError && error.code === "SG5043",
  );
  for (const settings of [{ urls }, { urls, ca: strangerCa }]) {
    await assert.rejects(
      registryClient(settings, options).subjects(),
      (error) => error instanceof StreamgenError && /certificate/.test(error.message),
    );
  }
});
