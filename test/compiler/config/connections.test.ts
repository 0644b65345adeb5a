import assert from "node:assert/strict";
import test from "node:test";
import { defineConfig, env, file } from "../../../compiler/config/config.ts";
import { placesIn } from "../../../compiler/config/place.ts";
import { validate } from "../../../compiler/config/validate.ts";

/** What is said about a part of a configuration, without the ways out. */
function problems(part: object, hasFix = false): readonly string[] {
  const config = { app: "shop", ...part };
  const text = JSON.stringify(config, undefined, 1);
  const { diagnostics } = validate(config, "x.json", placesIn("x.json", text));
  return diagnostics.map(
    ({ code, message, fix, span }) =>
      `${span?.line} ${code} ${message}${hasFix ? ` -> ${fix}` : ""}`,
  );
}

const sasl = (part: object): readonly string[] => problems({ kafka: { sasl: part } });

test("every key about connections is taken over as it is", () => {
  const parts = {
    kafka: {
      bootstrap: "a:9092,b:9092",
      tls: {
        caFile: "ca.pem",
        certFile: env("CERT"),
        keyFile: "key.pem",
        passphrase: file("passphrase"),
      },
      sasl: { mechanism: "scram-sha-512", username: env("USER"), password: env("PASSWORD") },
    },
    registry: {
      url: "https://registry:8081",
      auth: { token: file(env("TOKEN_FILE", "token")) },
      subjects: "record",
      caFile: "ca.pem",
      ids: { "orders-value": 3 },
    },
    state: { folder: "/var/lib/shop", store: "memory", cacheBytes: 2 ** 30 },
  } as const;
  const config = defineConfig({ app: "shop", ...parts });
  const { configuration } = validate(config, "x.ts", placesIn("x.ts", ""));
  const { kafka, registry, state } = configuration ?? {};
  assert.deepEqual({ kafka, registry, state }, parts);
});

test("what is left out is not there", () => {
  const { configuration } = validate({ app: "shop" }, "x.ts", placesIn("x.ts", ""));
  assert.ok(configuration !== undefined);
  assert.deepEqual(
    ["kafka", "registry", "state"].filter((key) => key in configuration),
    [],
  );
});

test("each way of saying who one is may be configured", () => {
  assert.deepEqual(sasl({ mechanism: "plain", username: "u", password: { env: "P" } }), []);
  assert.deepEqual(sasl({ mechanism: "oauthbearer", token: { file: "/run/token" } }), []);
  const grant = { tokenUrl: "https://x/token", clientId: "c", clientSecret: { env: "S" } };
  assert.deepEqual(sasl({ mechanism: "oauthbearer", ...grant, scope: "kafka" }), []);
});

test("a secret written as text is refused by its type", () => {
  const secret = (password: string): void => {
    defineConfig({
      app: "shop",
      kafka: {
        sasl: {
          mechanism: "plain",
          username: "u",
          // @ts-expect-error: a text would be committed.
          password,
        },
      },
      // @ts-expect-error: so would the text for where the variable is not set.
      registry: { auth: { token: env("TOKEN", password) } },
    });
  };
  assert.doesNotThrow(() => secret("x"));
});

test("a secret written as text is refused, and not shown", () => {
  const written = {
    kafka: {
      tls: { passphrase: "c4n4ry" },
      sasl: { mechanism: "plain", username: "u", password: { env: "P", otherwise: "c4n4ry" } },
    },
    registry: { url: "https://user:c4n4ry@registry", auth: { token: "c4n4ry" } },
  };
  const found = problems(written, true);
  assert.deepEqual(found, [
    '5 SG5910 "kafka.tls.passphrase" is a secret written as text, which would be committed -> write env("KAFKA_TLS_PASSPHRASE"), or file("/run/secrets/...")',
    '10 SG5910 "kafka.sasl.password" is a secret written as text, which would be committed -> write env("KAFKA_SASL_PASSWORD"), or file("/run/secrets/...")',
    '17 SG5910 "registry.url" is a secret written as text, which would be committed -> leave user and password out of the address, and write them as keys of their own',
    '19 SG5910 "registry.auth.token" is a secret written as text, which would be committed -> write env("REGISTRY_TOKEN"), or file("/run/secrets/...")',
  ]);
  assert.doesNotMatch(found.join("\n"), /c4n4ry/);
});

test("a secret that is neither is refused without being shown", () => {
  const found = problems({ registry: { auth: { token: { text: "c4n4ry" } } } });
  assert.deepEqual(found, [
    '5 SG5904 "registry.auth.token" must be env(...) or file(...), but it is something else',
  ]);
  assert.equal(problems({ registry: { auth: { token: { file: "" } } } }).length, 1);
  assert.equal(problems({ registry: { auth: { token: 7 } } }).length, 1);
});

test("missing parts are named", () => {
  assert.deepEqual(sasl({ username: "u" }), ['4 SG5911 "kafka.sasl" has no "mechanism"']);
  assert.deepEqual(sasl({ mechanism: "plain" }), [
    '4 SG5911 "kafka.sasl" has no "username"',
    '4 SG5911 "kafka.sasl" has no "password"',
  ]);
  assert.deepEqual(sasl({ mechanism: "oauthbearer" }), [
    '4 SG5911 "kafka.sasl" has no "token", nor "tokenUrl", "clientId" and "clientSecret"',
  ]);
  assert.deepEqual(sasl({ mechanism: "oauthbearer", tokenUrl: "https://x", clientId: "c" }), [
    '4 SG5911 "kafka.sasl" has no "clientSecret"',
  ]);
  assert.deepEqual(problems({ kafka: { tls: { certFile: "c" } } }), [
    '4 SG5911 "kafka.tls" has no "keyFile"',
  ]);
  assert.deepEqual(problems({ registry: { auth: { username: "u" } } }), [
    '4 SG5911 "registry.auth" has no "password"',
  ]);
});

test("parts that do not belong together are refused", () => {
  assert.deepEqual(
    sasl({ mechanism: "plain", username: "u", password: { env: "P" }, token: { env: "T" } }),
    ['10 SG5903 the configuration has no key "kafka.sasl.token"'],
  );
  assert.deepEqual(sasl({ mechanism: "oauthbearer", token: { env: "T" }, clientId: "c" }), [
    '9 SG5903 the configuration has no key "kafka.sasl.clientId"',
  ]);
});

test("values of the wrong form are refused", () => {
  const wrong = {
    kafka: { bootstrap: "localhost", tls: 1, sasl: "plain" },
    registry: { url: "registry:8081", auth: 1, subjects: "topics", caFile: 1, ids: { a: 0 } },
    state: { folder: 1, store: "disk", cacheBytes: 5 },
  };
  assert.deepEqual(problems(wrong), [
    '4 SG5904 "kafka.bootstrap" must be "host:port", or several with commas between them, but it is "localhost"',
    '5 SG5904 "kafka.tls" must be true, false or an object, but it is 1',
    '6 SG5904 "kafka.sasl" must be an object, but it is "plain"',
    '9 SG5904 "registry.url" must be the address of a server, such as https://host:8081, but it is "registry:8081"',
    '10 SG5904 "registry.auth" must be an object, but it is 1',
    '11 SG5904 "registry.subjects" must be "topic", "record" or "topic-record", but it is "topics"',
    '12 SG5904 "registry.caFile" must be a text or env(...), but it is 1',
    '14 SG5904 "registry.ids.a" must be a whole number from 1 to 2147483647, but it is 0',
    '18 SG5904 "state.folder" must be a text or env(...), but it is 1',
    '19 SG5904 "state.store" must be "rocksdb" or "memory", but it is "disk"',
    '20 SG5904 "state.cacheBytes" must be a whole number from 1048576 to 9007199254740991, but it is 5',
  ]);
  for (const bootstrap of ["a:1,b:2", "[::1]:9092", "a.b-c:9092", "a:1, b:2"]) {
    assert.deepEqual(problems({ kafka: { bootstrap } }), []);
  }
  for (const bootstrap of ["kafka://a:1", "a:1,", "a:b", ""]) {
    assert.equal(problems({ kafka: { bootstrap } }).length, 1, bootstrap);
  }
});
