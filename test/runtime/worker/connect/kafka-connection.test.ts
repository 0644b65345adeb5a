import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import test, { after } from "node:test";
import { rootCertificates } from "node:tls";
import { systemClock } from "../../../../runtime/clock.ts";
import type { KafkaSettings } from "../../../../runtime/log/kafka/settings.ts";
import { kafkaConnection } from "../../../../runtime/worker/connect/kafka-connection.ts";
import { registryOf } from "../../../../runtime/worker/connect/open-registry.ts";
import { resolveSettings, type Settings } from "../../../../runtime/worker/settings/settings.ts";
import { temporaryFolder } from "../../../temporary.ts";
import { spec } from "../small.ts";

const certificate = rootCertificates[0] ?? "";
const { privateKey: lockedKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" },
});
const folder = temporaryFolder({
  "ca.pem": certificate,
  "key.pem": lockedKey,
  "note.txt": "no certificate",
  "empty.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  password: "first\n",
});
const file = (name: string): string => path.join(folder, name);

function settings(env: Readonly<Record<string, string>>): Settings {
  return resolveSettings(spec([]), { env });
}

function connect(env: Readonly<Record<string, string>>): KafkaSettings {
  const { kafka } = settings({ STREAMGEN_BOOTSTRAP: "kafka:9092", ...env });
  assert.ok(kafka !== undefined);
  return kafkaConnection(kafka, { clientId: "shop", clock: systemClock });
}

const tls = {
  STREAMGEN_TLS_CA_FILE: file("ca.pem"),
  STREAMGEN_TLS_CERT_FILE: file("ca.pem"),
  STREAMGEN_TLS_KEY_FILE: file("key.pem"),
};

test("without anything else, a connection is its brokers and a name", () => {
  assert.deepEqual(connect({}), { bootstrap: ["kafka:9092"], clientId: "shop" });
});

test("the files of encrypted connections are read", () => {
  assert.deepEqual(connect({ ...tls, STREAMGEN_TLS_PASSPHRASE: "open" }).tls, {
    ca: certificate,
    cert: certificate,
    key: lockedKey,
    passphrase: "open",
  });
  assert.deepEqual(connect({ STREAMGEN_TLS: "true" }).tls, {});
});

test("every file that is wrong is told, with what is wrong with it", () => {
  const wrong = {
    STREAMGEN_TLS_CA_FILE: file("nowhere.pem"),
    STREAMGEN_TLS_CERT_FILE: file("note.txt"),
    STREAMGEN_TLS_KEY_FILE: file("key.pem"),
  };
  assert.throws(() => connect(wrong), {
    code: "SG8102",
    message: [
      `kafka.tls.caFile ${file("nowhere.pem")}: there is no such file`,
      `kafka.tls.certFile ${file("note.txt")}: it is not PEM`,
      `kafka.tls.keyFile ${file("key.pem")}: it is encrypted: set kafka.tls.passphrase`,
    ].join("; "),
  });
  assert.throws(() => connect({ ...tls, STREAMGEN_TLS_PASSPHRASE: "c4n4ry" }), {
    code: "SG8102",
    message: `kafka.tls.keyFile ${file("key.pem")}: kafka.tls.passphrase does not open it`,
  });
  assert.throws(() => connect({ STREAMGEN_TLS_CA_FILE: file("empty.pem") }), {
    code: "SG8102",
    message: `kafka.tls.caFile ${file("empty.pem")}: it holds no certificate`,
  });
  assert.throws(() => connect({ STREAMGEN_TLS_CA_FILE: folder }), {
    code: "SG8102",
    message: `kafka.tls.caFile ${folder}: it is a folder`,
  });
});

const sasl = {
  STREAMGEN_SASL_MECHANISM: "scram-sha-512",
  STREAMGEN_SASL_USERNAME: "shop",
  STREAMGEN_SASL_PASSWORD_FILE: file("password"),
};

test("a password is read each time it is asked for", () => {
  const { sasl: found } = connect(sasl);
  assert.ok(found !== undefined && "username" in found);
  assert.equal(found.password, "first");
  writeFileSync(file("password"), "second\n");
  assert.equal(found.password, "second");
});

test("a secret that is not there is told at once", () => {
  assert.throws(() => connect({ ...sasl, STREAMGEN_SASL_PASSWORD_FILE: file("none") }), {
    code: "SG8101",
  });
  const token = {
    STREAMGEN_SASL_MECHANISM: "oauthbearer",
    STREAMGEN_SASL_TOKEN_FILE: file("none"),
    STREAMGEN_TLS: "true",
  };
  assert.throws(() => connect(token), { code: "SG8101" });
});

test("PLAIN and OAUTHBEARER without encryption go nowhere but to the machine itself", async () => {
  const plain = {
    STREAMGEN_SASL_MECHANISM: "plain",
    STREAMGEN_SASL_USERNAME: "u",
    STREAMGEN_SASL_PASSWORD: "p",
  };
  const token = { STREAMGEN_SASL_MECHANISM: "oauthbearer", STREAMGEN_SASL_TOKEN: "t" };
  for (const env of [plain, token]) {
    assert.throws(() => connect(env), { code: "SG8103", message: /to kafka:9092 without enc/ });
    const mixed = { ...env, STREAMGEN_BOOTSTRAP: "localhost:1,localhost.example.com:2" };
    assert.throws(() => connect(mixed), { code: "SG8103", message: /localhost\.example\.com:2/ });
    assert.doesNotThrow(() => connect({ ...env, STREAMGEN_TLS: "true" }));
    for (const near of ["localhost:9092", "127.0.0.1:9092", "[::1]:9092"]) {
      assert.doesNotThrow(() => connect({ ...env, STREAMGEN_BOOTSTRAP: near }));
    }
  }
  const { sasl: found } = connect({ ...token, STREAMGEN_TLS: "true" });
  assert.ok(found !== undefined && "token" in found);
  assert.equal(await found.token(), "t");
});

test("a client secret goes to an encrypted address only", () => {
  const grant = {
    STREAMGEN_TLS: "true",
    STREAMGEN_SASL_MECHANISM: "oauthbearer",
    STREAMGEN_SASL_CLIENT_ID: "shop",
    STREAMGEN_SASL_CLIENT_SECRET: "c4n4ry",
  };
  const open = { ...grant, STREAMGEN_SASL_TOKEN_URL: "http://login.example.com/token" };
  assert.throws(() => connect(open), { code: "SG8103", message: /login\.example\.com/ });
  for (const url of ["https://login.example.com/token", "http://127.0.0.1:8080/token"]) {
    assert.doesNotThrow(() => connect({ ...grant, STREAMGEN_SASL_TOKEN_URL: url }));
  }
});

test("a registry is opened with its ids, and without a server", async () => {
  const plain = spec([]);
  const config = { ...plain.config, registry: { ids: { "words-value": 7 } } };
  const registry = registryOf(resolveSettings({ ...plain, config }, {}));
  assert.equal(await registry?.register("words-value", '"string"'), 7);
  assert.equal(registryOf(settings({})), undefined);
});

test("what a registry needs is read when it is opened", () => {
  const url = { STREAMGEN_REGISTRY_URL: "https://registry" };
  const withToken = { ...url, STREAMGEN_REGISTRY_TOKEN_FILE: file("none") };
  assert.throws(() => registryOf(settings(withToken)), { code: "SG8101" });
  const withFile = { ...url, STREAMGEN_REGISTRY_CA_FILE: file("note.txt") };
  assert.throws(() => registryOf(settings(withFile)), {
    code: "SG8102",
    message: `registry.caFile ${file("note.txt")}: it is not PEM`,
  });
  assert.doesNotThrow(() => registryOf(settings(url)));
});

test("a registry's token is read for each request", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { "content-type": "application/json" }).end('{"id":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  after(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  writeFileSync(file("token"), "first\n");
  const env = {
    STREAMGEN_REGISTRY_URL: `http://127.0.0.1:${port}`,
    STREAMGEN_REGISTRY_TOKEN_FILE: file("token"),
  };
  const registry = registryOf(settings(env));
  await registry?.lookup("a-value", '"string"');
  writeFileSync(file("token"), "second\n");
  await registry?.lookup("b-value", '"string"');
  assert.deepEqual(seen, ["Bearer first", "Bearer second"]);
});
