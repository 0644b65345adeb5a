import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { KafkaSettings, SaslSettings } from "../../log/kafka/settings.ts";
import type { KafkaTarget, SaslTarget } from "../settings/kafka-target.ts";
import { type TokenFetch, tokenSource } from "./access-token.ts";
import { readTls } from "./tls-files.ts";

export interface KafkaConnectionOptions {
  /** Shown in brokers' logs and quotas. */
  readonly clientId: string;
  readonly clock: Clock;
  readonly fetch?: TokenFetch;
}

/**
 * How to reach the cluster, with its files read. Passwords and tokens are read each time that somebody
 * asks the result for them. Throws SG8101 for a secret that cannot be read now, SG8102 for files, SG8103
 * for a password or token that would travel without encryption.
 */
export function kafkaConnection(
  { bootstrap, tls, sasl }: KafkaTarget,
  options: KafkaConnectionOptions,
): KafkaSettings {
  if (tls === undefined && sasl !== undefined) refuseInTheClear(bootstrap, sasl);
  return {
    bootstrap,
    clientId: options.clientId,
    ...(tls !== undefined && { tls: readTls(tls) }),
    ...(sasl !== undefined && { sasl: saslSettings(sasl, options) }),
  };
}

function saslSettings(sasl: SaslTarget, { clock, fetch }: KafkaConnectionOptions): SaslSettings {
  if (sasl.mechanism !== "oauthbearer") {
    const { mechanism, username, password } = sasl;
    // What cannot be read is told at the start, not by the first connection.
    password.read();
    return {
      mechanism,
      username,
      get password() {
        return password.read();
      },
    };
  }
  if ("token" in sasl) {
    const { mechanism, token } = sasl;
    token.read();
    return { mechanism, token: async () => token.read() };
  }
  const { mechanism, grant } = sasl;
  grant.clientSecret.read();
  refuseOpenUrl(grant.tokenUrl);
  return { mechanism, token: tokenSource(grant, clock, fetch) };
}

/** SCRAM proves that the password is known without sending it; the others send what opens the door. */
function refuseInTheClear(bootstrap: readonly string[], { mechanism }: SaslTarget): void {
  if (mechanism !== "plain" && mechanism !== "oauthbearer") return;
  const far = bootstrap.find((broker) => !isLoopback(broker.replace(/:\d+$/, "")));
  if (far === undefined) return;
  const what = mechanism === "plain" ? "the password" : "the token";
  throw new StreamgenError(
    "SG8103",
    `SASL ${mechanism.toUpperCase()} would send ${what} to ${far} without encryption: ` +
      "set kafka.tls or STREAMGEN_TLS=true, or use a SCRAM mechanism",
  );
}

function refuseOpenUrl(tokenUrl: string): void {
  const { protocol, hostname, host } = new URL(tokenUrl);
  if (protocol === "https:" || isLoopback(hostname)) return;
  throw new StreamgenError(
    "SG8103",
    `the client secret would go to ${host} without encryption: use https in kafka.sasl.tokenUrl`,
  );
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
