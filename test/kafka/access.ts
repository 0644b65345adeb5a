import type { Certificates } from "./certificates.ts";

/** The ways into a cluster, each a listener of every broker. */
export const doors = [
  "plaintext",
  "tls",
  "mutualTls",
  "misnamedTls",
  "sasl",
  "saslTls",
  "farSasl",
  "proxied",
] as const;
export type Door = (typeof doors)[number];

/** Where a cluster listens and who may enter, in plain JSON. */
export interface KafkaAccess {
  /** The plaintext door: one `host:port` a broker. */
  readonly bootstrap: readonly string[];
  /**
   * `plaintext`; `tls`; `mutualTls` asks for the client's certificate; `misnamedTls` shows one of
   * another host; `sasl` and `saslTls` take PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER, and
   * end sessions of SCRAM-SHA-256 and OAUTHBEARER after 12 s; `farSasl` says that its brokers are on
   * another machine.
   */
  readonly doors: Readonly<Record<Door, readonly string[]>>;
  /** Where `proxied` leads, one port a broker: nobody listens at that door before a test does. */
  readonly behindProxy: readonly number[];
  readonly certificates: Certificates;
  /** The one user of each mechanism that has passwords. */
  readonly users: Readonly<Record<"plain" | "scram", User>>;
}

export interface User {
  readonly username: string;
  readonly password: string;
}

export const users: KafkaAccess["users"] = {
  plain: { username: "pia", password: "pia-canary-6Vq1" },
  scram: { username: "sam", password: "sam-canary-9Zt4" },
};

/** A token as the brokers take it (RFC 7515, `alg` none): whoever says so is `subject`. */
export function unsignedToken(subject: string, nowMs: number, lifetimeMs: number): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const iat = Math.floor(nowMs / 1000);
  const exp = iat + Math.ceil(lifetimeMs / 1000);
  return `${encode({ alg: "none" })}.${encode({ sub: subject, iat, exp })}.`;
}
