import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import type { KafkaSettings } from "../../runtime/log/kafka/settings.ts";
import { unsignedToken } from "./access.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

/** Sends a record, reads it back and commits it as a group's member. */
async function roundTrip(settings: KafkaSettings): Promise<readonly (string | null)[]> {
  return withLog(settings, async (driver) => {
    const topic = await driver.topic();
    const seen = await (async () => {
      await driver.put(topic, ["hello"]);
      return driver.visible(topic);
    })();
    const member = await driver.join("one", { group: uniqueName("group"), topics: [topic] });
    await driver.share([member], 1);
    await member.member.commit([{ topic, partition: 0, offset: 1, metadata: "" }]);
    const [committed] = await member.member.committed([{ topic, partition: 0 }]);
    assert.equal(committed?.offset, 1);
    await member.log.close();
    return seen;
  });
}

/** Asserts that a log cannot be used, for this reason, and that the error holds none of the secrets. */
async function isRefused(
  settings: KafkaSettings,
  expected: { readonly code: string; readonly message: RegExp; readonly secret?: string },
): Promise<void> {
  const { code, message, secret } = expected;
  const asking = withLog(settings, ({ log }) => log.describeTopics(["anything"]), {
    connectTimeoutMs: 5_000,
  });
  await assert.rejects(asking, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.equal((error as { code?: unknown }).code, code, error.message);
    assert.ok(!error.message.includes("\n"), "more than one line");
    if (secret !== undefined) {
      const shown = inspect(error, { depth: 20, showHidden: true });
      assert.ok(!shown.includes(secret), "a secret is shown");
      assert.ok(!shown.includes(Buffer.from(secret).toString("base64")), "a secret is shown");
    }
    return true;
  });
}

test("records travel through TLS", { skip }, async () => {
  const kafka = await sharedKafka();
  assert.deepEqual(await roundTrip(settingsFor(kafka, "tls")), ["hello"]);
});

test("records travel through TLS with a client's certificate", { skip }, async () => {
  const kafka = await sharedKafka();
  assert.deepEqual(await roundTrip(settingsFor(kafka, "mutualTls")), ["hello"]);
});

test("PLAIN is taken on loopback, and everywhere with TLS", { skip }, async () => {
  const kafka = await sharedKafka();
  const sasl = { mechanism: "plain", ...kafka.users.plain } as const;
  assert.deepEqual(await roundTrip(settingsFor(kafka, "sasl", { sasl })), ["hello"]);
  assert.deepEqual(await roundTrip(settingsFor(kafka, "saslTls", { sasl })), ["hello"]);
});

for (const mechanism of ["scram-sha-256", "scram-sha-512"] as const) {
  test(`${mechanism} is taken with and without TLS`, { skip }, async () => {
    const kafka = await sharedKafka();
    const sasl = { mechanism, ...kafka.users.scram };
    assert.deepEqual(await roundTrip(settingsFor(kafka, "sasl", { sasl })), ["hello"]);
    assert.deepEqual(await roundTrip(settingsFor(kafka, "saslTls", { sasl })), ["hello"]);
  });
}

test("OAUTHBEARER asks for a token for each connection", { skip }, async () => {
  const kafka = await sharedKafka();
  let asked = 0;
  const token = async (): Promise<string> => {
    asked++;
    return unsignedToken("olga", Date.now(), 60_000);
  };
  const sasl = { mechanism: "oauthbearer", token } as const;
  assert.deepEqual(await roundTrip(settingsFor(kafka, "saslTls", { sasl })), ["hello"]);
  assert.ok(asked > 1, `asked ${asked} times`);
});

/** Uses a log until its sessions have ended and begun again, so that each secret was asked for twice. */
async function outlastSessions(settings: KafkaSettings, asked: () => number): Promise<void> {
  await withLog(settings, async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.log.producer({});
    const fetcher = await driver.reader(topic);
    await driver.send(producer, topic, ["first"]);
    await driver.readTo(fetcher, "first");
    const before = asked();
    // As many connections are open: one of them at least is renewed for the second time.
    for (let round = 0; asked() < before * 2 + 1; round++) {
      assert.ok(round < 1_000, `asked ${asked() - before} times more`);
      await pause(20);
      await driver.send(producer, topic, [`round-${round}`]);
      await driver.readTo(fetcher, `round-${round}`);
    }
  });
}

test("a session that ends is renewed with a new token", { skip }, async () => {
  const kafka = await sharedKafka();
  let asked = 0;
  const token = async (): Promise<string> => {
    asked++;
    return unsignedToken("olga", Date.now(), 60_000);
  };
  const sasl = { mechanism: "oauthbearer", token } as const;
  await outlastSessions(settingsFor(kafka, "sasl", { sasl }), () => asked);
});

test("a password is read again whenever a session begins", { skip }, async () => {
  const kafka = await sharedKafka();
  const { username, password } = kafka.users.scram;
  let asked = 0;
  const sasl = {
    mechanism: "scram-sha-256",
    username,
    get password() {
      asked++;
      return password;
    },
  } as const;
  await outlastSessions(settingsFor(kafka, "sasl", { sasl }), () => asked);
});

test("a wrong password is one clear error without the password", { skip }, async () => {
  const kafka = await sharedKafka();
  for (const [mechanism, { username }] of [
    ["plain", kafka.users.plain],
    ["scram-sha-256", kafka.users.scram],
    ["scram-sha-512", kafka.users.scram],
  ] as const) {
    const secret = "wrong-canary-3Kx8";
    const sasl = { mechanism, username, password: secret };
    const message = /127\.0\.0\.1:\d+.*authentication failed/i;
    await isRefused(settingsFor(kafka, "saslTls", { sasl }), { code: "SG6021", message, secret });
  }
});

test("a token that has run out is one clear error without the token", { skip }, async () => {
  const kafka = await sharedKafka();
  const secret = unsignedToken("olga", Date.now() - 3_600_000, 1_000);
  const sasl = { mechanism: "oauthbearer", token: async () => secret } as const;
  await isRefused(settingsFor(kafka, "saslTls", { sasl }), {
    code: "SG6021",
    message: /not logged in.*token/,
    secret,
  });
});

test("what a token's function says when it fails is not in the error's text", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  const token = async (): Promise<string> => {
    throw new Error("no token for client secret canary-7Jd2");
  };
  const sasl = { mechanism: "oauthbearer", token } as const;
  const settings = settingsFor(kafka, "saslTls", { sasl });
  await isRefused(settings, { code: "SG6021", message: /^(?!.*canary).*token/ });
});

test("a password in the clear stays on the machine", { skip }, async () => {
  const kafka = await sharedKafka();
  const { username, password } = kafka.users.plain;
  const sasl = { mechanism: "plain", username, password } as const;
  const message = /without TLS.*192\.0\.2\.1/;
  const beyond = { bootstrap: ["192.0.2.1:9092"], clientId: "test", sasl };
  await isRefused(beyond, { code: "SG6024", message, secret: password });
  // Here the first broker is on loopback, and says that all of them are somewhere else.
  const named = settingsFor(kafka, "farSasl", { sasl });
  const producing = withLog(named, (driver) => driver.topic(), { callTimeoutMs: 5_000 });
  await assert.rejects(producing, { code: "SG6024" });
});

test("a certificate of a stranger's authority is refused", { skip }, async () => {
  const kafka = await sharedKafka();
  const { strangerCa } = kafka.certificates;
  const message = /tls\.ca/;
  await isRefused(settingsFor(kafka, "tls", { tls: { ca: strangerCa } }), {
    code: "SG6022",
    message,
  });
  await isRefused(settingsFor(kafka, "tls", { tls: {} }), { code: "SG6022", message });
});

test("a certificate of another host is refused", { skip }, async () => {
  const kafka = await sharedKafka();
  await isRefused(settingsFor(kafka, "misnamedTls"), {
    code: "SG6022",
    message: /certificate.*bootstrap/,
  });
});

test("a client without the certificate that it needs hears of it", { skip }, async () => {
  const kafka = await sharedKafka();
  const { ca } = kafka.certificates;
  await isRefused(settingsFor(kafka, "mutualTls", { tls: { ca } }), {
    code: "SG6022",
    message: /certificate/,
  });
});

test("TLS at a door without it, and nothing at a door with it, are clear", { skip }, async () => {
  const kafka = await sharedKafka();
  const { ca } = kafka.certificates;
  const code = "SG6020";
  await isRefused(settingsFor(kafka, "plaintext", { tls: { ca } }), { code, message: /TLS/ });
  const { bootstrap } = settingsFor(kafka, "tls");
  await isRefused({ bootstrap, clientId: "test" }, { code, message: /ask for TLS or SASL/ });
});

test("a mechanism that the brokers do not have, or none, is clear", { skip }, async () => {
  const kafka = await sharedKafka();
  const sasl = { mechanism: "plain", ...kafka.users.plain } as const;
  const secret = sasl.password;
  await isRefused(settingsFor(kafka, "plaintext", { sasl }), {
    code: "SG6021",
    message: /sasl/i,
    secret,
  });
  await isRefused(settingsFor(kafka, "sasl"), { code: "SG6020", message: /ask for .*SASL/ });
});

test("a PEM text that is none is a clear error", { skip }, async () => {
  const kafka = await sharedKafka();
  const { ca } = kafka.certificates;
  const tls = { ca, cert: "not a certificate", key: "not a key-canary" };
  await isRefused(settingsFor(kafka, "mutualTls", { tls }), {
    code: "SG6022",
    message: /PEM/,
    secret: "not a key-canary",
  });
});
