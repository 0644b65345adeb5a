import type { HiddenText } from "./hidden-text.ts";
import { compareSources, type Found, type Layers } from "./layers.ts";
import { leftOver, needed } from "./parts.ts";
import { secretTable } from "./secret-table.ts";
import { type SaslMechanism, settingTable } from "./setting-table.ts";

/** Where the cluster is and how to get in; secrets are not read yet. */
export interface KafkaTarget {
  readonly bootstrap: readonly string[];
  readonly tls?: TlsTarget;
  readonly sasl?: SaslTarget;
}

export interface TlsTarget {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly passphrase?: HiddenText;
}

export type SaslTarget =
  | {
      readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      readonly password: HiddenText;
    }
  | { readonly mechanism: "oauthbearer"; readonly token: HiddenText }
  | { readonly mechanism: "oauthbearer"; readonly grant: GrantTarget };

/** Tokens by the client credentials grant. */
export interface GrantTarget {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: HiddenText;
  readonly scope?: string;
}

/** `undefined` where nobody says where the cluster is. Problems go to `layers`. */
export function kafkaTarget(layers: Layers): KafkaTarget | undefined {
  const bootstrap = layers.value(settingTable.bootstrap);
  const tls = tlsTarget(layers);
  const sasl = saslTarget(layers);
  if (bootstrap === undefined) return undefined;
  return {
    bootstrap: bootstrap.value,
    ...(tls !== undefined && { tls }),
    ...(sasl !== undefined && { sasl }),
  };
}

function tlsTarget(layers: Layers): TlsTarget | undefined {
  const isOn = layers.value(settingTable.tls);
  const ca = layers.value(settingTable.tlsCaFile);
  const cert = layers.value(settingTable.tlsCertFile);
  const key = layers.value(settingTable.tlsKeyFile);
  const passphrase = layers.secret(secretTable.tlsPassphrase);
  const files = [ca, cert, key, passphrase].filter((part) => part !== undefined);
  // A file that somebody names above where it was switched off is there to be used.
  const isOff =
    isOn?.value === false && files.every((file) => compareSources(isOn.source, file.source) >= 0);
  if (isOff) {
    for (const file of files) leftOver(layers, file, `${isOn.name} is false`);
    return undefined;
  }
  if (isOn === undefined && files.length === 0) return undefined;
  if (cert !== undefined && key === undefined) needed(layers, settingTable.tlsKeyFile);
  if (key !== undefined && cert === undefined) needed(layers, settingTable.tlsCertFile);
  return {
    ...(ca !== undefined && { caFile: ca.value }),
    ...(cert !== undefined && { certFile: cert.value }),
    ...(key !== undefined && { keyFile: key.value }),
    ...(passphrase !== undefined && { passphrase: passphrase.value }),
  };
}

/** What was found of the parts of all mechanisms. */
interface SaslParts {
  readonly username: Found<string> | undefined;
  readonly password: Found<HiddenText> | undefined;
  readonly token: Found<HiddenText> | undefined;
  readonly tokenUrl: Found<string> | undefined;
  readonly clientId: Found<string> | undefined;
  readonly clientSecret: Found<HiddenText> | undefined;
  readonly scope: Found<string> | undefined;
}

const passwordParts: readonly (keyof SaslParts)[] = ["username", "password"];
const grantParts: readonly (keyof SaslParts)[] = ["tokenUrl", "clientId", "clientSecret", "scope"];

function saslTarget(layers: Layers): SaslTarget | undefined {
  const mechanism = layers.value(settingTable.saslMechanism);
  const parts: SaslParts = {
    username: layers.value(settingTable.saslUsername),
    password: layers.secret(secretTable.saslPassword),
    token: layers.secret(secretTable.saslToken),
    tokenUrl: layers.value(settingTable.saslTokenUrl),
    clientId: layers.value(settingTable.saslClientId),
    clientSecret: layers.secret(secretTable.saslClientSecret),
    scope: layers.value(settingTable.saslScope),
  };
  if (mechanism === undefined) {
    const missing = `${settingTable.saslMechanism.name} is not set`;
    for (const part of Object.values(parts)) leftOver(layers, part, missing);
    return undefined;
  }
  const used = usedParts(mechanism.value, parts);
  for (const [key, part] of Object.entries(parts)) {
    if (!used.includes(key)) {
      leftOver(layers, part, `${settingTable.saslMechanism.name} is ${mechanism.value}`);
    }
  }
  if (mechanism.value === "none") return undefined;
  if (mechanism.value !== "oauthbearer") return passwordTarget(layers, mechanism.value, parts);
  return used.includes("tokenUrl") ? grantTarget(layers, parts) : tokenTarget(layers, parts);
}

/** A token that is given and one that is to be asked for: what comes from the higher layer counts. */
function usedParts(mechanism: SaslMechanism, parts: SaslParts): readonly string[] {
  if (mechanism === "none") return [];
  if (mechanism !== "oauthbearer") return passwordParts;
  const { token, tokenUrl } = parts;
  if (tokenUrl === undefined) return ["token"];
  if (token === undefined) return grantParts;
  return compareSources(token.source, tokenUrl.source) > 0 ? ["token"] : grantParts;
}

function passwordTarget(
  layers: Layers,
  mechanism: "plain" | "scram-sha-256" | "scram-sha-512",
  { username, password }: SaslParts,
): SaslTarget | undefined {
  if (username === undefined) needed(layers, settingTable.saslUsername);
  if (password === undefined) needed(layers, secretTable.saslPassword);
  if (username === undefined || password === undefined) return undefined;
  return { mechanism, username: username.value, password: password.value };
}

function tokenTarget(layers: Layers, { token }: SaslParts): SaslTarget | undefined {
  if (token !== undefined) return { mechanism: "oauthbearer", token: token.value };
  needed(layers, secretTable.saslToken);
  return undefined;
}

function grantTarget(layers: Layers, parts: SaslParts): SaslTarget | undefined {
  const { tokenUrl, clientId, clientSecret, scope } = parts;
  if (clientId === undefined) needed(layers, settingTable.saslClientId);
  if (clientSecret === undefined) needed(layers, secretTable.saslClientSecret);
  if (tokenUrl === undefined || clientId === undefined || clientSecret === undefined) {
    return undefined;
  }
  const grant = {
    tokenUrl: tokenUrl.value,
    clientId: clientId.value,
    clientSecret: clientSecret.value,
    ...(scope !== undefined && { scope: scope.value }),
  };
  return { mechanism: "oauthbearer", grant };
}
