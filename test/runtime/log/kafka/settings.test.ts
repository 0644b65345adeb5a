import assert from "node:assert/strict";
import test from "node:test";
import { parseAddress, showAddress } from "../../../../runtime/log/kafka/address.ts";
import { kafkaLog } from "../../../../runtime/log/kafka/index.ts";
import { checkPassword, saslOptions } from "../../../../runtime/log/kafka/security.ts";
import type { KafkaSettings } from "../../../../runtime/log/kafka/settings.ts";

const canary = "canary-password-41";
const token = (): Promise<string> => Promise.resolve(canary);

function settings(more: Partial<KafkaSettings>): KafkaSettings {
  return { bootstrap: ["kafka.example:9092"], clientId: "test", ...more };
}

function refused(more: Partial<KafkaSettings>): Error & { code: string } {
  try {
    kafkaLog(settings(more));
  } catch (error) {
    if (error instanceof Error && "code" in error) return error as Error & { code: string };
  }
  throw new Error("the settings are not refused");
}

test("a password or a token is not sent in the clear beyond this machine", () => {
  const plain = { mechanism: "plain", username: "ada", password: canary } as const;
  const bearer = { mechanism: "oauthbearer", token } as const;
  for (const sasl of [plain, bearer]) {
    for (const host of ["kafka.example", "10.0.0.1", "[fd00::1]", "127.0.0.1.example"]) {
      const error = refused({ sasl, bootstrap: [`${host}:9092`] });
      assert.equal(error.code, "SG6024");
      assert.match(error.message, /in the clear/);
      assert.ok(error.message.includes(host) && !error.message.includes(canary), error.message);
    }
  }
});

test("one broker elsewhere is enough to refuse a password in the clear", () => {
  const sasl = { mechanism: "plain", username: "ada", password: canary } as const;
  const bootstrap = ["localhost:9092", "kafka.example:9092"];
  assert.equal(refused({ sasl, bootstrap }).code, "SG6024");
});

test("the password may go by TLS, to this machine, or not be sent at all", () => {
  const plain = { mechanism: "plain", username: "ada", password: canary } as const;
  const scram = { ...plain, mechanism: "scram-sha-512" } as const;
  const elsewhere = { host: "kafka.example", port: 9092 };
  checkPassword(settings({ sasl: plain, tls: {} }), elsewhere);
  checkPassword(settings({ sasl: scram }), elsewhere);
  for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "::1"]) {
    checkPassword(settings({ sasl: plain }), { host, port: 9092 });
  }
});

test("settings are read and never written to, and a password is asked for when it is needed", () => {
  let asked = 0;
  const sasl = Object.freeze({
    mechanism: "plain",
    username: "ada",
    get password() {
      asked++;
      return canary;
    },
  } as const);
  const options = saslOptions(sasl);
  assert.equal(asked, 0);
  assert.ok(options !== null && "password" in options && options.password === canary);
  Object.assign(options, { authenticationProvider: () => undefined });
  assert.ok(!("authenticationProvider" in sasl));
});

test("a log is made without a connection", async () => {
  await kafkaLog(settings({ tls: {} })).close();
});

test("an address is a host and a port", () => {
  for (const text of ["kafka-1.example:9092", "10.0.0.1:1", "[::1]:65535"]) {
    assert.equal(showAddress(parseAddress(text)), text);
  }
});

test("what is no address is shown, and said how it is written", () => {
  for (const text of ["kafka", "kafka:", ":9092", "kafka:0", "kafka:65536", "a b:1", "::1:9092"]) {
    const error = refused({ bootstrap: [text] });
    assert.equal(error.code, "SG6025", text);
    assert.ok(error.message.includes(JSON.stringify(text)), error.message);
    assert.match(error.message, /host:port/);
  }
  assert.equal(refused({ bootstrap: [] }).code, "SG6025");
});
