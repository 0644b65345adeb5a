import assert from "node:assert/strict";
import test from "node:test";
import { logCode, logError } from "../../../../runtime/log/codes.ts";
import { networkError, noBroker } from "../../../../runtime/log/kafka/network-errors.ts";
import { tlsOptions } from "../../../../runtime/log/kafka/security.ts";

interface Shape {
  readonly name?: string;
  readonly code?: string;
  readonly type?: string;
  readonly message?: string;
}

function failure({
  name = "KafkaJSConnectionError",
  message = "it failed",
  ...more
}: Shape): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const expected: readonly (readonly [what: Shape, sent: string, unsent: string])[] = [
  [{ code: "ECONNREFUSED" }, "SG6011", "SG6012"],
  [{ code: "ECONNRESET" }, "SG6011", "SG6012"],
  [{ code: "ENOTFOUND" }, "SG6011", "SG6012"],
  [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "SG6022", "SG6022"],
  [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "SG6022", "SG6022"],
  [{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, "SG6022", "SG6022"],
  [{ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" }, "SG6022", "SG6022"],
  [{ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, "SG6022", "SG6022"],
  [{ code: "CERT_HAS_EXPIRED" }, "SG6022", "SG6022"],
  [{ code: "EPROTO" }, "SG6022", "SG6022"],
  [{ code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "SG6022", "SG6022"],
  [{ name: "KafkaJSRequestTimeoutError" }, "SG6011", "SG6012"],
  [{ name: "KafkaJSConnectionClosedError" }, "SG6011", "SG6012"],
  [{ name: "KafkaJSLockTimeout" }, "SG6012", "SG6012"],
  [{ name: "KafkaJSServerDoesNotSupportApiKey" }, "SG6027", "SG6027"],
  [{ name: "KafkaJSSASLAuthenticationError" }, "SG6021", "SG6021"],
  [{ name: "KafkaJSProtocolError", type: "UNSUPPORTED_VERSION" }, "SG6027", "SG6027"],
  [{ name: "KafkaJSProtocolError", type: "SASL_AUTHENTICATION_FAILED" }, "SG6021", "SG6021"],
  [{ name: "TypeError" }, "SG6028", "SG6028"],
];

for (const [what, sent, unsent] of expected) {
  test(`${what.code ?? what.type ?? what.name} of a connection is ${sent}`, () => {
    assert.equal(networkError(failure(what), "kafka:9092", true).code, sent);
    const error = networkError(failure(what), "kafka:9092", false);
    assert.equal(error.code, unsent);
    assert.match(error.message, /^broker kafka:9092: it failed/);
  });
}

test("a connection that breaks while it authenticates is no wrong password", () => {
  const broken = { name: "KafkaJSSASLAuthenticationError", message: "failed: Closed connection" };
  assert.equal(networkError(failure(broken), "kafka:9092", false).code, "SG6012");
});

test("what OpenSSL says is cut to its reason", () => {
  const raw =
    "Connection error: 80CBF6B8:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert " +
    "certificate required:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number 116\n";
  const refused = { code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", message: raw };
  assert.match(
    networkError(failure(refused), "kafka:9092", false).message,
    /^broker kafka:9092: Connection error: tlsv13 alert certificate required; the port /,
  );
});

test("a key that is none is told by the settings' own names, with OpenSSL's reason", () => {
  assert.throws(() => tlsOptions({ key: "-----BEGIN PRIVATE KEY-----\n" }), {
    code: "SG6022",
    message:
      /^kafka\.tls\.caFile, certFile and keyFile have .*kafka\.tls\.passphrase [^:]*: [^:]+$/,
  });
});

test("an error of the log's own stays what it is", () => {
  const own = logError(logCode.authentication, "no token");
  assert.equal(networkError(own, "kafka:9092", true), own);
});

test("a cluster that is not reached at first says what to look at", () => {
  const advised = (reason: string, tls?: object): string => {
    const failure = logError(logCode.unavailable, `broker 127.0.0.1:1: ${reason}`);
    const settings = {
      clientId: "t",
      bootstrap: ["127.0.0.1:1"],
      ...(tls === undefined ? {} : { tls }),
    };
    return noBroker(settings, [failure], false).message;
  };
  assert.match(
    advised("connect ECONNREFUSED"),
    /; check kafka\.bootstrap, and whether the broker runs$/,
  );
  assert.match(
    advised("disconnected before secure TLS connection was established", {}),
    /; check kafka\.bootstrap, and that the port speaks TLS$/,
  );
  assert.match(advised("Closed connection"), /; does it ask for TLS or SASL\?$/);
});
