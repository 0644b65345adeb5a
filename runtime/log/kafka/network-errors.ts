import { StreamgenError } from "../../errors.ts";
import { type LogCode, logCode, logError } from "../codes.ts";
import { type Address, showAddress } from "./address.ts";
import type { KafkaSettings } from "./settings.ts";
import { tlsReason } from "./tls-reason.ts";

/** What went wrong on the way to a broker. */
interface NetworkError {
  readonly code: LogCode;
  /** What to do about it; without it the message alone says enough. */
  readonly advice?: string;
}

const untrusted: NetworkError = {
  code: logCode.tls,
  advice: "give the authority that signed the broker's certificate as kafka.tls.caFile",
};
const otherHost: NetworkError = {
  code: logCode.tls,
  advice: "the broker's certificate has to name the host as it is written in bootstrap",
};
const notTls: NetworkError = {
  code: logCode.tls,
  advice: "the port has to be one that speaks TLS, and a client's certificate one that it takes",
};
const badKey: NetworkError = {
  code: logCode.tls,
  advice:
    "kafka.tls.caFile, certFile and keyFile have to be PEM, and kafka.tls.passphrase the key's",
};

/** Errors of Node's sockets, by the start of their code. */
const bySocketCode: readonly (readonly [start: string, error: NetworkError])[] = [
  ["ERR_TLS_CERT_ALTNAME_INVALID", otherHost],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", untrusted],
  ["SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT", untrusted],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted],
  ["CERT_", { code: logCode.tls, advice: "a certificate is not valid: see its dates and issuer" }],
  ["ERR_OSSL_", badKey],
  ["ERR_TLS_", notTls],
  ["ERR_SSL_", notTls],
  ["EPROTO", notTls],
];

/** Errors of kafkajs, by name. */
const byName: ReadonlyMap<string, NetworkError> = new Map([
  [
    "KafkaJSSASLAuthenticationError",
    {
      code: logCode.authentication,
      advice: "check mechanism, user and password or token",
    },
  ],
  ["KafkaJSServerDoesNotSupportApiKey", { code: logCode.unsupported }],
  ["KafkaJSRequestTimeoutError", { code: logCode.unanswered }],
  ["KafkaJSConnectionClosedError", { code: logCode.unanswered }],
  ["KafkaJSConnectionError", { code: logCode.unanswered }],
  ["KafkaJSLockTimeout", { code: logCode.unavailable }],
  ["KafkaJSNotImplemented", { code: logCode.unsupported }],
]);

/** Errors of Kafka that kafkajs finds while it reads an answer, by type. */
const byType: ReadonlyMap<string, NetworkError> = new Map([
  ["UNSUPPORTED_VERSION", { code: logCode.unsupported }],
  ["UNSUPPORTED_SASL_MECHANISM", { code: logCode.authentication, advice: "check the mechanism" }],
  ["ILLEGAL_SASL_STATE", { code: logCode.authentication, advice: "the broker asks for SASL" }],
  ["SASL_AUTHENTICATION_FAILED", { code: logCode.authentication, advice: "check the password" }],
]);

/**
 * The error that stands for one of kafkajs, or of a socket. Where nothing was sent, a lost connection
 * is SG6012; otherwise SG6011. `broker` is the broker's `host:port`.
 */
export function networkError(error: unknown, broker: string, wasSent: boolean): StreamgenError {
  if (error instanceof StreamgenError) return error;
  const { code, advice } = classify(error);
  const known = code === logCode.unanswered && !wasSent ? logCode.unavailable : code;
  const reason = error instanceof Error ? tlsReason(error) : "unknown reason";
  const message = `broker ${broker}: ${reason}${advice === undefined ? "" : `; ${advice}`}`;
  return logError(known, message);
}

/** None of the brokers named answers: SG6020 at first, SG6012 once there was a connection. */
export function noBroker(
  { bootstrap, tls, sasl }: KafkaSettings,
  failures: readonly StreamgenError[],
  hasConnected: boolean,
): StreamgenError {
  const reasons = [...new Set(failures.map(({ message }) => message))].join("; ");
  const message = `no Kafka broker answers at ${bootstrap.join(", ")}: ${reasons}`;
  if (hasConnected) return logError(logCode.unavailable, message);
  // A broker that asks for more says nothing: it closes the connection.
  const isClosed = failures.some((failure) => failure.message.includes("Closed connection"));
  const unset = [...(tls === undefined ? ["TLS"] : []), ...(sasl === undefined ? ["SASL"] : [])];
  const isPlain = failures.some(({ message }) => message.includes("before secure TLS"));
  const advice =
    isClosed && unset.length > 0
      ? `; does it ask for ${unset.join(" or ")}?`
      : `; check kafka.bootstrap, and ${isPlain ? "that the port speaks TLS" : "whether the broker runs"}`;
  return logError(logCode.unreachable, message + advice);
}

/** The first broker answers, but those that it names do not. */
export function misnamed(
  named: readonly Address[],
  failures: readonly StreamgenError[],
  hasConnected: boolean,
): StreamgenError {
  const reasons = [...new Set(failures.map(({ message }) => message))].join("; ");
  const names = named.map(showAddress).join(", ");
  return logError(
    hasConnected ? logCode.unavailable : logCode.unreachable,
    `the Kafka cluster says that its brokers are at ${names}, and none answers there: ${reasons}; ` +
      "are the brokers' advertised.listeners right?",
  );
}

function classify(error: unknown): NetworkError {
  const socketCode = textOf(error, "code");
  const bySocket = bySocketCode.find(([start]) => socketCode.startsWith(start));
  if (bySocket !== undefined) return bySocket[1];
  const isBroken = error instanceof Error && /closed|timed out|not connected/i.test(error.message);
  // A connection that breaks while it authenticates is no wrong password.
  if (isBroken) return { code: logCode.unanswered };
  return (
    byType.get(textOf(error, "type")) ??
    byName.get(textOf(error, "name")) ?? { code: logCode.unexpected }
  );
}

function textOf(error: unknown, field: "code" | "type" | "name"): string {
  if (!(error instanceof Error) || !(field in error)) return "";
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : "";
}
