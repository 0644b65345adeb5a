import { type Check, isObject, present, type Unchecked } from "./check.ts";
import type {
  KafkaConfig,
  RegistryConfig,
  SaslConfig,
  Secret,
  Setting,
  StateConfig,
  TlsConfig,
} from "./config.ts";
import { missingPart, secretAsText } from "./diagnostics.ts";
import type { KeyPath } from "./place.ts";

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"] as const;
const tlsKeys: readonly string[] = ["caFile", "certFile", "keyFile", "passphrase"];
const registryKeys: readonly string[] = ["url", "auth", "subjects", "caFile", "ids"];
const passwordKeys: readonly string[] = ["mechanism", "username", "password"];
const grantKeys: readonly string[] = ["mechanism", "tokenUrl", "clientId", "clientSecret", "scope"];
const cacheMinBytes = 1024 * 1024;
const idMax = 2 ** 31 - 1;

export function checkKafka(check: Check, value: unknown): KafkaConfig | undefined {
  if (value === undefined) return undefined;
  const at = ["kafka"];
  const kafka = check.object(at, value, ["bootstrap", "tls", "sasl"]);
  return present<KafkaConfig>({
    bootstrap: checkBootstrap(check, [...at, "bootstrap"], kafka["bootstrap"]),
    tls: checkTls(check, [...at, "tls"], kafka["tls"]),
    sasl: checkSasl(check, [...at, "sasl"], kafka["sasl"]),
  });
}

function checkBootstrap(check: Check, at: KeyPath, value: unknown): Setting | undefined {
  const bootstrap = check.setting(at, value);
  const text = typeof bootstrap === "string" ? bootstrap : bootstrap?.otherwise;
  const isList =
    text?.split(",").every((broker) => /^\s*[^\s:/]+:\d{1,5}\s*$/.test(broker)) ?? true;
  const isAddress = isList || /^\s*\[[\da-f:.]+\]:\d{1,5}\s*$/i.test(text ?? "");
  if (!isAddress) check.wrong(at, '"host:port", or several with commas between them', text);
  return bootstrap;
}

function checkTls(check: Check, at: KeyPath, value: unknown): boolean | TlsConfig | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  if (!isObject(value)) {
    check.wrong(at, "true, false or an object", value);
    return undefined;
  }
  const tls = check.object(at, value, tlsKeys);
  const setting = (key: string): Setting | undefined => check.setting([...at, key], tls[key]);
  const files = {
    caFile: setting("caFile"),
    certFile: setting("certFile"),
    keyFile: setting("keyFile"),
  };
  if (tls["certFile"] !== undefined || tls["keyFile"] !== undefined) {
    check.need(at, tls, ["certFile", "keyFile"]);
  }
  const passphrase = check.secret([...at, "passphrase"], tls["passphrase"]);
  return present<TlsConfig>({ ...files, passphrase });
}

function checkSasl(check: Check, at: KeyPath, value: unknown): SaslConfig | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    check.wrong(at, "an object", value);
    return undefined;
  }
  const path = [...at, "mechanism"];
  const mechanism = check.choice(path, value["mechanism"], mechanisms);
  check.need(at, value, ["mechanism"]);
  if (mechanism === undefined) return undefined;
  if (mechanism === "oauthbearer") return checkToken(check, at, value);
  const sasl = check.object(at, value, passwordKeys);
  const credentials = checkPassword(check, at, sasl);
  return credentials && { mechanism, ...credentials };
}

function checkToken(check: Check, at: KeyPath, value: Unchecked): SaslConfig | undefined {
  const mechanism = "oauthbearer";
  if (value["token"] !== undefined) {
    check.object(at, value, ["mechanism", "token"]);
    const token = check.secret([...at, "token"], value["token"]);
    return token && { mechanism, token };
  }
  const sasl = check.object(at, value, grantKeys);
  if (sasl["tokenUrl"] === undefined) {
    const needed = '"token", nor "tokenUrl", "clientId" and "clientSecret"';
    check.report(at, (span) => missingPart(at, needed, span));
    return undefined;
  }
  const tokenUrl = checkUrl(check, [...at, "tokenUrl"], sasl["tokenUrl"]);
  const clientId = check.setting([...at, "clientId"], sasl["clientId"]);
  const clientSecret = check.secret([...at, "clientSecret"], sasl["clientSecret"]);
  const scope = check.setting([...at, "scope"], sasl["scope"]);
  check.need(at, sasl, ["clientId", "clientSecret"]);
  if (tokenUrl === undefined || clientId === undefined || clientSecret === undefined) {
    return undefined;
  }
  const grant = { mechanism, tokenUrl, clientId, clientSecret } as const;
  return scope === undefined ? grant : { ...grant, scope };
}

function checkPassword(
  check: Check,
  at: KeyPath,
  given: Unchecked,
): { readonly username: Setting; readonly password: Secret } | undefined {
  const username = check.setting([...at, "username"], given["username"]);
  const password = check.secret([...at, "password"], given["password"]);
  check.need(at, given, ["username", "password"]);
  return username === undefined || password === undefined ? undefined : { username, password };
}

export function checkRegistry(check: Check, value: unknown): RegistryConfig | undefined {
  if (value === undefined) return undefined;
  const at = ["registry"];
  const registry = check.object(at, value, registryKeys);
  return present<RegistryConfig>({
    url: checkUrl(check, [...at, "url"], registry["url"], ","),
    auth: checkAuth(check, [...at, "auth"], registry["auth"]),
    subjects: check.choice([...at, "subjects"], registry["subjects"], [
      "topic",
      "record",
      "topic-record",
    ]),
    caFile: check.setting([...at, "caFile"], registry["caFile"]),
    ids: checkIds(check, [...at, "ids"], registry["ids"]),
  });
}

function checkAuth(
  check: Check,
  at: KeyPath,
  value: unknown,
): NonNullable<RegistryConfig["auth"]> | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    check.wrong(at, "an object", value);
    return undefined;
  }
  if (value["token"] === undefined) {
    return checkPassword(check, at, check.object(at, value, ["username", "password"]));
  }
  check.object(at, value, ["token"]);
  const token = check.secret([...at, "token"], value["token"]);
  return token && { token };
}

function checkIds(
  check: Check,
  at: KeyPath,
  value: unknown,
): Readonly<Record<string, number>> | undefined {
  if (value === undefined) return undefined;
  const ids = check.object(at, value, isObject(value) ? Object.keys(value) : []);
  return Object.fromEntries(
    Object.entries(ids).map(([subject, id]) => [
      subject,
      check.integer([...at, subject], id, { min: 1, max: idMax }) ?? 1,
    ]),
  );
}

/** A web address, or several with `separator` between them; one with a password in it is a secret. */
function checkUrl(
  check: Check,
  at: KeyPath,
  value: unknown,
  separator?: string,
): Setting | undefined {
  const setting = check.setting(at, value);
  const text = typeof setting === "string" ? setting : setting?.otherwise;
  if (text === undefined) return setting;
  const parts = separator === undefined ? [text] : text.split(separator);
  const urls = parts.map((part) => (URL.canParse(part.trim()) ? new URL(part.trim()) : undefined));
  if (urls.some((url) => url !== undefined && url.username + url.password !== "")) {
    check.report(at, (span) => secretAsText(at, { isUrl: true }, span));
  } else if (urls.some((url) => url === undefined || !/^https?:$/.test(url.protocol))) {
    check.wrong(at, "the address of a server, such as https://host:8081", text);
  }
  return setting;
}

export function checkState(check: Check, value: unknown): StateConfig | undefined {
  if (value === undefined) return undefined;
  const at = ["state"];
  const state = check.object(at, value, ["folder", "store", "cacheBytes"]);
  return present<StateConfig>({
    folder: check.setting([...at, "folder"], state["folder"]),
    store: check.choice([...at, "store"], state["store"], ["rocksdb", "memory"]),
    cacheBytes: check.integer([...at, "cacheBytes"], state["cacheBytes"], {
      min: cacheMinBytes,
      max: Number.MAX_SAFE_INTEGER,
    }),
  });
}
