import { createSecureContext } from "node:tls";
import { logCode, logError } from "../codes.ts";
import { type Address, isLoopback, showAddress } from "./address.ts";
import type { KafkaSettings, SaslSettings, TlsSettings } from "./settings.ts";
import { tlsReason } from "./tls-reason.ts";

/**
 * Throws SG6024 where the password or token would cross a network in the clear. Asked for each broker:
 * those that the cluster names may be elsewhere than the first one.
 */
export function checkPassword(settings: KafkaSettings, address: Address): void {
  const { sasl, tls } = settings;
  if (sasl === undefined || tls !== undefined || isLoopback(address)) return;
  if (sasl.mechanism !== "plain" && sasl.mechanism !== "oauthbearer") return;
  const what = sasl.mechanism === "plain" ? "the password" : "the token";
  throw logError(
    logCode.clearPassword,
    `${sasl.mechanism} without TLS would send ${what} in the clear to ${showAddress(address)}: ` +
      "set kafka.tls, or use scram-sha-512",
  );
}

/** TLS as kafkajs hands it to Node. Throws SG6022 for texts that are no certificates or keys. */
export function tlsOptions(tls: TlsSettings | undefined): object | null {
  if (tls === undefined) return null;
  const { ca, cert, key, passphrase } = tls;
  const files = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    const reason = error instanceof Error ? tlsReason(error) : "";
    throw logError(
      logCode.tls,
      "kafka.tls.caFile, certFile and keyFile have to be PEM and belong together, and " +
        `kafka.tls.passphrase has to be the key's: ${reason}`,
    );
  }
  return { minVersion: "TLSv1.2", rejectUnauthorized: true, ...files };
}

/** SASL as kafkajs takes it, which asks for the password whenever it logs in. */
export function saslOptions(sasl: SaslSettings | undefined): object | null {
  if (sasl === undefined) return null;
  // kafkajs writes into what it gets.
  if (sasl.mechanism !== "oauthbearer") return Object.create(sasl);
  return {
    mechanism: sasl.mechanism,
    oauthBearerProvider: async () => {
      try {
        return { value: await sasl.token() };
      } catch (error) {
        // What a function of the user's says may hold what must not be shown.
        throw logError(logCode.authentication, "no token could be had for sasl", {}, error);
      }
    },
  };
}
