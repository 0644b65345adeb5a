import { authorization } from "./address.ts";
import type { RegistrySettings } from "./settings.ts";

/** Secrets of requests that may still be under way when others are in use. */
const keptMax = 6;

/**
 * Who asks a registry. Its secrets are read again for each request, so that they may be changed under a
 * running worker. The constructor throws SG5040 for what no header can carry.
 */
export class Credentials {
  readonly #auth: RegistrySettings["auth"];
  #used: readonly string[] = [];

  constructor(auth: RegistrySettings["auth"]) {
    this.#auth = auth;
    this.headers();
  }

  /** What a request says about who makes it. */
  headers(): Readonly<Record<string, string>> {
    const auth = this.#auth && { ...this.#auth };
    this.#used = [...new Set([...secretsOf(auth), ...this.#used])].slice(0, keptMax);
    return authorization(auth);
  }

  /** Texts that no message may show. */
  get secrets(): readonly string[] {
    return this.#used;
  }
}

/** Short ones would hide more than they say. */
function secretsOf(auth: RegistrySettings["auth"]): readonly string[] {
  if (auth === undefined) return [];
  if ("token" in auth) return [auth.token];
  const pair = Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64");
  return [pair, auth.password].filter((secret) => secret.length >= 4);
}
