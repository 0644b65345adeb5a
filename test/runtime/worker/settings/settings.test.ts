import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import test from "node:test";
import { inspect } from "node:util";
import type { PipelineSpec, WorkerConfig } from "@streamgen/runtime";
import { settingVariables } from "../../../../runtime/worker/settings/known-variables.ts";
import {
  resolveSettings,
  type SettingOverrides,
  type Settings,
} from "../../../../runtime/worker/settings/settings.ts";
import { settingsJson, settingsText } from "../../../../runtime/worker/settings/show.ts";
import { temporaryFolder } from "../../../temporary.ts";
import { countTable, group, spec, words } from "../small.ts";

function pipelineWith(config: Partial<WorkerConfig>): PipelineSpec {
  const plain = spec([]);
  return { ...plain, config: { ...plain.config, ...config } };
}

function resolve(config: Partial<WorkerConfig>, overrides: SettingOverrides = {}): Settings {
  return resolveSettings(pipelineWith(config), overrides);
}

/** What is wrong, each by itself. */
function problems(
  env: Readonly<Record<string, string>>,
  config: Partial<WorkerConfig> = {},
  more: SettingOverrides = {},
): readonly string[] {
  try {
    resolve(config, { env, ...more });
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && error.code === "SG8002");
    return error.message.split("; ");
  }
  return [];
}

const line = (settings: Settings, name: string): string | undefined =>
  settingsText(settings.shown)
    .split("\n")
    .find((each) => each.startsWith(`${name} `))
    ?.replaceAll(/ {2,}/g, "  ");

test("each layer beats the one before, and says where a value comes from", () => {
  const config = { kafka: { bootstrap: "config:1" } };
  const env = { STREAMGEN_BOOTSTRAP: "environment:2" };
  const flags = { bootstrap: "flag:3" };
  const from = (settings: Settings) => line(settings, "kafka.bootstrap");
  assert.equal(from(resolve({})), "kafka.bootstrap  -  (not set; STREAMGEN_BOOTSTRAP)");
  assert.equal(from(resolve(config)), "kafka.bootstrap  config:1  (configuration)");
  assert.equal(
    from(resolve(config, { env })),
    "kafka.bootstrap  environment:2  (environment STREAMGEN_BOOTSTRAP)",
  );
  assert.equal(
    from(resolve(config, { env, flags })),
    "kafka.bootstrap  flag:3  (flag --bootstrap)",
  );
  assert.deepEqual(resolve(config, { env, flags }).kafka, { bootstrap: ["flag:3"] });
});

test("what the program itself says beats everything", () => {
  const env = { STREAMGEN_DELIVERY: "exactly-once", STREAMGEN_COMMIT_INTERVAL_MS: "500" };
  const settings = resolve({}, { env, delivery: "at-least-once", commitIntervalMs: 20 });
  assert.equal(settings.delivery, "at-least-once");
  assert.equal(settings.commitIntervalMs, 20);
  assert.equal(line(settings, "delivery"), "delivery  at-least-once  (option of createWorker)");
  assert.equal(resolve({}, { env }).commitIntervalMs, 500);
});

test("a variable that the configuration names is resolved, with its fallback", () => {
  const config = { kafka: { bootstrap: { env: "KAFKA", otherwise: "a:1, b:2" } } };
  assert.deepEqual(resolve(config).kafka?.bootstrap, ["a:1", "b:2"]);
  const settings = resolve(config, { env: { KAFKA: "[::1]:9092" } });
  assert.deepEqual(settings.kafka?.bootstrap, ["[::1]:9092"]);
  assert.equal(
    line(settings, "kafka.bootstrap"),
    "kafka.bootstrap  [::1]:9092  (configuration, environment KAFKA)",
  );
});

test("state and threads have defaults", () => {
  const { state, threads } = resolve({});
  assert.deepEqual(state, { folder: "state", store: "rocksdb", cacheBytes: 134_217_728 });
  assert.equal(threads, 1);
  const env = {
    STREAMGEN_STATE: "/var/lib/x",
    STREAMGEN_STORE: "memory",
    STREAMGEN_CACHE_BYTES: "2097152",
    STREAMGEN_THREADS: "auto",
  };
  const other = resolve({}, { env });
  assert.deepEqual(other.state, { folder: "/var/lib/x", store: "memory", cacheBytes: 2_097_152 });
  assert.equal(other.threads, "auto");
});

test("tables of an embedded log are in memory, whatever the settings say", () => {
  const settings = resolve({}, { env: { STREAMGEN_STORE: "rocksdb" }, isEmbedded: true });
  assert.equal(settings.state.store, "memory");
  assert.equal(line(settings, "state.store"), "state.store  memory  (default)");
});

test("a variable that is no setting is refused, with the nearest name", () => {
  assert.deepEqual(problems({ STREAMGEN_BOOTSTRP: "a:1", STREAMGEN_XYZZY: "" }), [
    "there is no setting STREAMGEN_BOOTSTRP: write STREAMGEN_BOOTSTRAP",
    "there is no setting STREAMGEN_XYZZY: remove it",
  ]);
});

test("variables of the configuration, of Kubernetes and of tests are none of the settings", () => {
  const env = {
    STREAMGEN_TEST_KAFKA: "/tmp/kafka.json",
    STREAMGEN_MINE: "a:1",
    STREAMGEN_SERVICE_HOST: "10.0.0.1",
    STREAMGEN_SHOP_SERVICE_PORT_HTTP: "80",
    STREAMGEN_SHOP_PORT_80_TCP_ADDR: "10.0.0.1",
    STREAMGEN_PORT: "tcp://10.0.0.1:80",
  };
  assert.deepEqual(problems(env, { kafka: { bootstrap: { env: "STREAMGEN_MINE" } } }), []);
});

test("everything that is wrong is told at once, by the name that is to be changed", () => {
  const env = {
    STREAMGEN_BOOTSTRAP: "localhost",
    STREAMGEN_DELIVERY: "once",
    STREAMGEN_COMMIT_INTERVAL_MS: "5",
    STREAMGEN_CACHE_BYTES: "1e9",
    STREAMGEN_TLS: "yes\n",
    STREAMGEN_THREADS: "0",
    STREAMGEN_STORE: "",
    STREAMGEN_TOKENS: "1",
    STATE: " ",
  };
  const config = {
    registry: { url: { env: "REGISTRY" } },
    state: { folder: { env: "STATE" } },
  };
  assert.deepEqual(problems(env, config, { flags: { threads: "65" } }), [
    'STREAMGEN_DELIVERY is "once": use exactly-once or at-least-once',
    'STREAMGEN_COMMIT_INTERVAL_MS is "5": use a whole number from 10 to 3600000',
    '--threads is "65": use a whole number from 1 to 64, or auto',
    'STREAMGEN_BOOTSTRAP is "localhost": use host:port, or several with commas between them',
    'STREAMGEN_TLS is "yes\\n": use true or false',
    "set the environment variable REGISTRY: it gives registry.url",
    'STATE, which gives state.folder, is " ": use a text',
    'STREAMGEN_STORE is "": use rocksdb or memory',
    'STREAMGEN_CACHE_BYTES is "1e9": use a whole number from 1048576 to 9007199254740991',
    "there is no setting STREAMGEN_TOKENS: remove it",
  ]);
});

test("on the embedded log what connections need may be missing, but not wrong", () => {
  const config = {
    kafka: {
      bootstrap: { env: "KAFKA" },
      sasl: { mechanism: "plain", username: "u", password: { env: "PASSWORD" } },
    },
    registry: { url: { env: "REGISTRY" }, auth: { token: { env: "TOKEN" } } },
    state: { folder: { env: "STATE" } },
  } as const;
  assert.deepEqual(problems({}, config, { isEmbedded: true }), []);
  assert.equal(problems({}, config).length, 5);
  assert.equal(problems({ STREAMGEN_TLS: "1" }, config, { isEmbedded: true }).length, 1);
});

test("files for encrypted connections switch them on, and false switches them off", () => {
  const kafka = { bootstrap: "a:1", tls: { caFile: "ca.pem" } };
  assert.deepEqual(resolve({ kafka }).kafka?.tls, { caFile: "ca.pem" });
  assert.deepEqual(resolve({ kafka: { ...kafka, tls: true } }).kafka?.tls, {});
  const off = resolve({ kafka }, { env: { STREAMGEN_TLS: "false" } });
  assert.equal(off.kafka?.tls, undefined);
  assert.equal(line(off, "kafka.tls.caFile")?.includes("not set"), true);
  assert.deepEqual(
    problems({ STREAMGEN_TLS: "false", STREAMGEN_TLS_CA_FILE: "ca.pem" }, { kafka }),
    ["STREAMGEN_TLS_CA_FILE is set, but kafka.tls is false: remove one of them"],
  );
  const above = { STREAMGEN_TLS_CA_FILE: "other.pem" };
  const on = resolve({ kafka: { bootstrap: "a:1", tls: false } }, { env: above });
  assert.deepEqual(on.kafka?.tls, { caFile: "other.pem" });
  assert.deepEqual(problems({ STREAMGEN_TLS_CERT_FILE: "c.pem" }, { kafka }), [
    "kafka.tls.keyFile is missing: set STREAMGEN_TLS_KEY_FILE",
  ]);
});

test("a mechanism says which parts it needs", () => {
  const kafka = { bootstrap: "a:1" };
  const sasl = (mechanism: string, more: Readonly<Record<string, string>> = {}) =>
    problems({ STREAMGEN_SASL_MECHANISM: mechanism, ...more }, { kafka });
  assert.deepEqual(sasl("scram-sha-512"), [
    "kafka.sasl.username is missing: set STREAMGEN_SASL_USERNAME",
    "kafka.sasl.password is missing: set STREAMGEN_SASL_PASSWORD or STREAMGEN_SASL_PASSWORD_FILE",
  ]);
  assert.deepEqual(sasl("oauthbearer"), [
    "kafka.sasl.token is missing: set STREAMGEN_SASL_TOKEN or STREAMGEN_SASL_TOKEN_FILE",
  ]);
  assert.deepEqual(sasl("oauthbearer", { STREAMGEN_SASL_TOKEN_URL: "https://x/token" }), [
    "kafka.sasl.clientId is missing: set STREAMGEN_SASL_CLIENT_ID",
    "kafka.sasl.clientSecret is missing: set STREAMGEN_SASL_CLIENT_SECRET or STREAMGEN_SASL_CLIENT_SECRET_FILE",
  ]);
  assert.deepEqual(sasl("none", { STREAMGEN_SASL_USERNAME: "u" }), [
    "STREAMGEN_SASL_USERNAME is set, but kafka.sasl.mechanism is none: remove one of them",
  ]);
  assert.deepEqual(problems({ STREAMGEN_SASL_PASSWORD: "c4n4ry" }, { kafka }), [
    "STREAMGEN_SASL_PASSWORD is set, but kafka.sasl.mechanism is not set: remove one of them",
  ]);
});

test("another mechanism from the environment overrules what the configuration has", () => {
  const config = {
    kafka: {
      bootstrap: "a:1",
      sasl: { mechanism: "plain", username: "u", password: { env: "P" } },
    },
  } as const;
  const env = { P: "p", STREAMGEN_SASL_MECHANISM: "oauthbearer", STREAMGEN_SASL_TOKEN: "t" };
  const { sasl } = resolve(config, { env }).kafka ?? {};
  assert.equal(sasl?.mechanism, "oauthbearer");
  assert.ok(sasl !== undefined && "token" in sasl);
  assert.equal(sasl.token.read(), "t");
  const off = resolve(config, { env: { P: "p", STREAMGEN_SASL_MECHANISM: "none" } });
  assert.equal(off.kafka?.sasl, undefined);
  const scram = resolve(config, { env: { P: "p", STREAMGEN_SASL_MECHANISM: "scram-sha-256" } });
  assert.deepEqual(scram.kafka?.sasl?.mechanism, "scram-sha-256");
});

test("a registry is asked with a token, or with user and password: the higher layer counts", () => {
  const url = "https://registry:8081";
  const config = { registry: { url, auth: { username: "u", password: { env: "P" } } } };
  const own = resolve(config, { env: { P: "p" } }).registry;
  assert.deepEqual(own?.urls, [url]);
  assert.equal(own?.subjects, "topic");
  assert.ok(own?.auth !== undefined && "password" in own.auth);
  const env = { P: "p", STREAMGEN_REGISTRY_TOKEN: "t" };
  const { auth } = resolve(config, { env }).registry ?? {};
  assert.ok(auth !== undefined && "token" in auth);
  assert.deepEqual(
    problems({ STREAMGEN_REGISTRY_TOKEN: "t", STREAMGEN_REGISTRY_USERNAME: "u" }, {}),
    [
      "STREAMGEN_REGISTRY_TOKEN is set, but registry.auth.username is, too: remove one of them",
      "registry.auth.password is missing: set STREAMGEN_REGISTRY_PASSWORD or STREAMGEN_REGISTRY_PASSWORD_FILE",
    ],
  );
});

test("ids of schemas make a registry of their own", () => {
  const { registry, shown } = resolve({ registry: { ids: { "orders-value": 7 } } });
  assert.deepEqual(registry, { urls: [], subjects: "topic", ids: { "orders-value": 7 } });
  assert.equal(shown.find(({ name }) => name === "registry.ids.orders-value")?.value, 7);
  assert.equal(resolve({}).registry, undefined);
});

test("a secret comes from a variable or a file, and is read each time", () => {
  const folder = temporaryFolder({ password: "first\n" });
  const env: Record<string, string> = {
    STREAMGEN_SASL_MECHANISM: "plain",
    STREAMGEN_SASL_USERNAME: "u",
    STREAMGEN_SASL_PASSWORD_FILE: `${folder}/password`,
  };
  const { sasl } = resolve({ kafka: { bootstrap: "a:1" } }, { env }).kafka ?? {};
  assert.ok(sasl !== undefined && "password" in sasl);
  assert.equal(sasl.password.read(), "first");
  writeFileSync(`${folder}/password`, "second\n\n");
  assert.equal(sasl.password.read(), "second\n");
  assert.deepEqual(problems({ ...env, STREAMGEN_SASL_PASSWORD: "c4n4ry" }), [
    "STREAMGEN_SASL_PASSWORD and STREAMGEN_SASL_PASSWORD_FILE are both set: use one",
  ]);
  assert.deepEqual(problems({ ...env, STREAMGEN_SASL_PASSWORD_FILE: "" }), [
    "STREAMGEN_SASL_PASSWORD_FILE is empty: set it, or remove it",
  ]);
});

test("a secret that cannot be read says where it was looked for", () => {
  const folder = temporaryFolder({ empty: "\n", large: "x".repeat(70_000) });
  const read = (file: string): void => {
    const auth = { token: { file: `${folder}/${file}` } };
    const { registry } = resolve({ registry: { url: "https://x", auth } });
    assert.ok(registry?.auth !== undefined && "token" in registry.auth);
    registry.auth.token.read();
  };
  const message = (file: string, reason: string) => ({
    code: "SG8101",
    message: `registry.auth.token cannot be read from ${folder}/${file}: ${reason}`,
  });
  assert.throws(() => read("missing"), message("missing", "there is no such file"));
  assert.throws(() => read("empty"), message("empty", "it is empty"));
  assert.throws(() => read("large"), message("large", "it is longer than 64 KiB"));
  assert.throws(() => read(""), message("", "it is a folder"));
});

const everySecret = {
  STREAMGEN_BOOTSTRAP: "a:1",
  STREAMGEN_TLS_CERT_FILE: "cert.pem",
  STREAMGEN_TLS_KEY_FILE: "key.pem",
  STREAMGEN_TLS_PASSPHRASE: "c4n4ry",
  STREAMGEN_SASL_MECHANISM: "plain",
  STREAMGEN_SASL_USERNAME: "user",
  STREAMGEN_SASL_PASSWORD: "c4n4ry",
  STREAMGEN_REGISTRY_URL: "https://registry",
  STREAMGEN_REGISTRY_TOKEN: "c4n4ry",
};

test("settings show secrets to nobody, however they are printed", () => {
  const settings = resolve({}, { env: everySecret });
  assert.equal(
    line(settings, "kafka.sasl.password"),
    "kafka.sasl.password  ***  (environment STREAMGEN_SASL_PASSWORD)",
  );
  const printed = [
    settingsText(settings.shown),
    settingsJson(settings.shown),
    JSON.stringify(settings),
    inspect(settings, { depth: 10, showHidden: true }),
    `${settings.kafka?.tls?.passphrase}`,
  ];
  for (const text of printed) assert.doesNotMatch(text, /c4n4ry/);
});

test("no problem shows a secret, nor the password of an address", () => {
  const wrong = {
    ...everySecret,
    STREAMGEN_SASL_PASSWORD_FILE: "c4n4ry",
    STREAMGEN_TLS_PASSPHRASE_FILE: "c4n4ry",
    STREAMGEN_REGISTRY_TOKEN_FILE: "c4n4ry",
    STREAMGEN_REGISTRY_URL: "https://user:c4n4ry/@host,x",
    STREAMGEN_SASL_TOKEN_URL: "https://user:c4n4ry@host",
    STREAMGEN_SASL_CLIENT_SECRET: "c4n4ry",
  };
  const found = problems(wrong);
  assert.ok(found.length >= 6, found.join("\n"));
  assert.doesNotMatch(found.join("\n"), /c4n4ry/);
});

test("the settings as JSON are one line, with the source of each", () => {
  const text = settingsJson(resolve({}, { env: { STREAMGEN_STATE: "/x\n" } }).shown);
  assert.equal(text.split("\n").length, 2);
  const { type, settings } = JSON.parse(text);
  assert.equal(type, "config");
  assert.deepEqual(
    settings.find(({ name }: { name: string }) => name === "state.folder"),
    {
      name: "state.folder",
      value: "/x\n",
      source: { kind: "environment", variable: "STREAMGEN_STATE" },
    },
  );
});

test("no two settings share a variable", () => {
  assert.deepEqual([...new Set(settingVariables)], settingVariables);
});

test("a thread has a folder of its own, and its part of the memory", () => {
  const env = { STREAMGEN_STATE: "/var/lib/x", STREAMGEN_CACHE_BYTES: "4194304" };
  const of = 2;
  assert.deepEqual(resolve({}, { env, thread: { index: 1, of } }).state, {
    folder: "/var/lib/x/thread-2",
    store: "rocksdb",
    cacheBytes: 2_097_152,
  });
  assert.equal(resolve({}, { env, thread: { index: 0, of: 1 } }).state.folder, "/var/lib/x");
});

test("a worker's name and session come from the environment, flags and the program", () => {
  const env = { STREAMGEN_INSTANCE: "pod-0", STREAMGEN_SESSION_TIMEOUT_MS: "6000" };
  const member = ({ instance, sessionTimeoutMs }: Settings) => [instance, sessionTimeoutMs];
  assert.deepEqual(member(resolve({})), [undefined, undefined]);
  assert.equal(line(resolve({}), "instance"), "instance  -  (not set; STREAMGEN_INSTANCE)");
  assert.deepEqual(member(resolve({}, { env })), ["pod-0", 6000]);
  const flags = { instance: "shop_1.a", "session-timeout-ms": "1800000" };
  const flagged = resolve({}, { env, flags });
  assert.deepEqual(member(flagged), ["shop_1.a", 1_800_000]);
  assert.equal(line(flagged, "instance"), "instance  shop_1.a  (flag --instance)");
  const own = resolve({}, { env, flags, instance: "own", sessionTimeoutMs: 1000 });
  assert.deepEqual(member(own), ["own", 1000]);
  assert.equal(line(own, "sessionTimeoutMs"), "sessionTimeoutMs  1000  (option of createWorker)");
});

test("each thread has a name of its own, whoever has named the worker", () => {
  const thread = { index: 2, of: 3 };
  assert.equal(resolve({}, { flags: { instance: "shop-0" }, thread }).instance, "shop-0-3");
  assert.equal(resolve({}, { instance: "shop-0", thread }).instance, "shop-0-3");
  assert.equal(resolve({}, { instance: "shop-0", thread: { index: 0, of: 1 } }).instance, "shop-0");
  assert.equal(resolve({}, { thread }).instance, undefined);
});

test("names that a group would refuse, and sessions that brokers would, are problems", () => {
  const use = 'use a name of 1 to 200 letters, digits, ".", "_" or "-"';
  for (const name of ["", "a b", "a/b", "ä", "a\n", "a".repeat(201)]) {
    const shown = JSON.stringify(name.slice(0, 200));
    assert.deepEqual(problems({ STREAMGEN_INSTANCE: name }), [
      `STREAMGEN_INSTANCE is ${shown}: ${use}`,
    ]);
  }
  assert.deepEqual(problems({ STREAMGEN_INSTANCE: "a".repeat(200) }), []);
  assert.deepEqual(problems({}, {}, { instance: "a b" }), [`instance is "a b": ${use}`]);
  const env = { STREAMGEN_INSTANCE: "a".repeat(200) };
  assert.deepEqual(problems(env, { app: "b".repeat(45) }), []);
  assert.deepEqual(problems(env, { app: "b".repeat(46) }), [
    `instance "${"a".repeat(200)}" is too long beside group "${"b".repeat(46)}": use a shorter one: both together have at most 245 characters`,
  ]);
  for (const text of ["5999", "1800001", "1e4", "soon"]) {
    assert.deepEqual(problems({}, {}, { flags: { "session-timeout-ms": text } }), [
      `--session-timeout-ms is "${text}": use a whole number from 6000 to 1800000`,
    ]);
  }
});

test("an app that the environment renames has internal topics of its own", () => {
  const config = { ...spec([]).config, app: { env: "APP", otherwise: "small" } };
  const by = { ...words, name: "small-by-repartition", repartitionOf: "words" };
  const pipeline = { ...spec([group([])], { topics: [words, by] }), config };
  const names = (env: Readonly<Record<string, string>>) =>
    Object.fromEntries(resolveSettings(pipeline, { env }).topicNames);
  assert.deepEqual(names({}), {});
  assert.deepEqual(names({ APP: "small" }), {});
  assert.deepEqual(names({ APP: "staging" }), {
    "small-by-repartition": "staging-by-repartition",
    [countTable.changelog]: "staging-counts-changelog",
  });
});
