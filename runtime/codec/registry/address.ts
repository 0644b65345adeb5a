import { registryCode, registryError } from "./errors.ts";
import type { RegistrySettings } from "./settings.ts";

/**
 * A registry's base URLs, without a slash at the end. Throws SG5040 for a text that is no URL or has
 * parts which a base URL must not have; what may be a secret is not repeated.
 */
export function baseUrls({ urls, ca }: RegistrySettings): readonly string[] {
  if (urls.length === 0) {
    throw registryError(registryCode.settings, "the schema registry has no URL: set registry.url");
  }
  return urls.map((url) => baseUrl(url.trim(), ca !== undefined));
}

function baseUrl(text: string, isTls: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  // What is no URL is not shown: it may be a secret in the wrong place.
  if (url === undefined || !isHttp) {
    throw wrong("is no URL: write it as https://host:8081");
  }
  const shown = `${url.protocol}//${url.host}`;
  if (url.username !== "" || url.password !== "") {
    throw wrong(`"${shown}" carries a user or password: set registry.auth instead`);
  }
  if (url.search !== "" || url.hash !== "") throw wrong(`"${shown}" ends in a query or fragment`);
  if (isTls && url.protocol !== "https:") {
    throw wrong(`"${shown}" is not encrypted, and registry.caFile is set: write https://`);
  }
  return `${shown}${url.pathname}`.replace(/\/+$/, "");
}

const wrong = (what: string) =>
  registryError(registryCode.settings, `the schema registry's URL ${what}`);

/** The header that says who calls. Throws SG5040 for what no header can carry. */
export function authorization(auth: RegistrySettings["auth"]): Readonly<Record<string, string>> {
  if (auth === undefined) return {};
  if ("token" in auth) {
    if (!/^[\x21-\x7e]+$/.test(auth.token)) {
      throw registryError(
        registryCode.settings,
        "the schema registry's token is empty or has spaces or line ends: check where it is from",
      );
    }
    return { authorization: `Bearer ${auth.token}` };
  }
  if (auth.username === "" || auth.username.includes(":")) {
    throw registryError(
      registryCode.settings,
      'the schema registry\'s user name is empty or has a ":", which basic authentication cannot say',
    );
  }
  const pair = Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}
