import type { Secret, Setting, TlsConfig, WorkerConfig } from "../spec.ts";

export function tlsParts({ kafka }: WorkerConfig): TlsConfig {
  return typeof kafka?.tls === "object" ? kafka.tls : {};
}

/** The parts of every mechanism; each has some of them. */
interface SaslParts {
  readonly username?: Setting;
  readonly password?: Secret;
  readonly token?: Secret;
  readonly tokenUrl?: Setting;
  readonly clientId?: Setting;
  readonly clientSecret?: Secret;
  readonly scope?: Setting;
}

export function saslParts({ kafka }: WorkerConfig): SaslParts {
  return kafka?.sasl ?? {};
}

interface AuthParts {
  readonly username?: Setting;
  readonly password?: Secret;
  readonly token?: Secret;
}

export function authParts({ registry }: WorkerConfig): AuthParts {
  return registry?.auth ?? {};
}
