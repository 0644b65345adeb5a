import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import { isRegistryBody, nonsense, problemOf } from "./answers.ts";
import { isRegistryAway, registryCode, registryError } from "./errors.ts";
import { type Answer, type ExchangeOptions, exchange, type RegistryRequest } from "./exchange.ts";

export interface CallOptions extends ExchangeOptions {
  readonly urls: readonly string[];
  /** From 0 to 1; spreads what many workers do at the same moment. */
  readonly random: () => number;
  /** Rounds over all URLs. */
  readonly roundsMax: number;
  readonly clock: Clock;
  /** Never shown, even where a server sends them back. */
  readonly secrets: readonly string[];
}

const backoffMs = 200;
const backoffMaxMs = 5000;
/** A registry that wants to be left alone for longer is asked again all the same. */
const retryAfterMaxMs = 30_000;
const redirectsMax = 3;

/**
 * Calls a registry that has one or more URLs. The one that answered last is asked first; one that is
 * away hands over to the next at once. After each round over all of them comes a pause.
 */
export class RegistryCalls {
  readonly #options: CallOptions;
  /** The URL that answered last. */
  #preferred = 0;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  /**
   * What `read` makes of the answer to a request: 2xx, or 404 where nothing says that the path is
   * wrong. Throws SG5041 to SG5046, and what `read` throws.
   */
  async call<T>(path: string, request: RegistryRequest, read: (answer: Answer) => T): Promise<T> {
    const { clock, roundsMax } = this.#options;
    try {
      for (let round = 0; ; round++) {
        const { done, failure, pauseMs } = await this.#round(path, request, read, round);
        if (done !== undefined) return done.value;
        if (round + 1 >= roundsMax || !isWorthRepeating(failure)) throw failure;
        await clock.sleep(pauseMs);
      }
    } catch (error) {
      throw this.#redacted(error);
    }
  }

  /** Asks each URL until one answers. */
  async #round<T>(
    path: string,
    request: RegistryRequest,
    read: (answer: Answer) => T,
    round: number,
  ): Promise<Round<T>> {
    const { clock, random, urls } = this.#options;
    const first = this.#preferred;
    let failure: unknown;
    let pauseMs = Math.min(backoffMaxMs, backoffMs * 2 ** round) * (0.5 + random());
    for (let turn = 0; turn < urls.length; turn++) {
      const index = (first + turn) % urls.length;
      try {
        const answer = await this.#ask(`${urls[index]}${path}`, request);
        if (!isBusy(answer.status)) {
          const value = read(accepted(answer));
          this.#preferred = index;
          return { done: { value }, failure, pauseMs };
        }
        pauseMs = Math.max(pauseMs, retryAfterMs(answer, clock.now()));
        failure = busy(answer);
      } catch (error) {
        // Another server may let this worker in; what is wrong with the request stays wrong.
        if (isFinal(error)) throw error;
        failure = error;
      }
    }
    return { done: undefined, failure, pauseMs };
  }

  /** Asks one URL, and follows it inside its own origin, where the credentials belong. */
  async #ask(url: string, request: RegistryRequest): Promise<Answer> {
    let target = url;
    for (let hop = 0; hop <= redirectsMax; hop++) {
      const answer = await exchange(target, request, this.#options);
      if (!isRedirect(answer.status)) return answer;
      target = nextTarget(answer, request);
    }
    throw registryError(
      registryCode.redirect,
      `${url} redirects more than ${redirectsMax} times: check registry.url`,
    );
  }

  #redacted(error: unknown): unknown {
    if (!(error instanceof StreamgenError)) return error;
    const message = this.#options.secrets.reduce(
      (text, secret) => text.replaceAll(secret, "***"),
      error.message,
    );
    if (message === error.message) return error;
    // Its cause may show what the message must not.
    return new StreamgenError(error.code, message, error.place);
  }
}

interface Round<T> {
  readonly done: { readonly value: T } | undefined;
  readonly failure: unknown;
  /** How long to wait before the next one. */
  readonly pauseMs: number;
}

const isFinal = (error: unknown): boolean =>
  !isRegistryAway(error) || error.code === registryCode.refused;

const isBusy = (status: number): boolean => status === 408 || status === 429 || status >= 500;
const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/** Who is not let in, or sent elsewhere, is so the next time too. */
function isWorthRepeating(failure: unknown): boolean {
  if (!(failure instanceof StreamgenError)) return false;
  return failure.code === registryCode.away || failure.code === registryCode.nonsense;
}

function accepted(answer: Answer): Answer {
  const { status, url } = answer;
  if (status >= 200 && status < 300) return answer;
  const { code, message } = problemOf(answer);
  const said = message === "" ? "" : `: ${message}`;
  if (status === 401 || status === 403) {
    throw registryError(
      registryCode.access,
      `${url} refuses access (HTTP ${status})${said}; check registry.auth and what it may do`,
    );
  }
  if (status === 409) {
    throw registryError(registryCode.incompatible, `${url} finds the schema incompatible${said}`);
  }
  if (!isRegistryBody(answer)) throw nonsense(answer, `it says "${message}"`);
  if (status === 404) return answer;
  throw registryError(registryCode.refused, `${url} refuses (HTTP ${status}, code ${code})${said}`);
}

function busy(answer: Answer): StreamgenError {
  const { message } = problemOf(answer);
  const said = message === "" || message.startsWith("<") ? "" : `: ${message}`;
  return registryError(
    registryCode.away,
    `the schema registry at ${answer.url} cannot answer now (HTTP ${answer.status})${said}`,
  );
}

/** RFC 9110: seconds, or a date. */
function retryAfterMs({ retryAfter }: Answer, now: number): number {
  if (retryAfter === undefined) return 0;
  const waitMs = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - now;
  return Number.isNaN(waitMs) ? 0 : Math.min(retryAfterMaxMs, Math.max(0, waitMs));
}

/** Where a redirect leads. Credentials never leave their origin, so nothing else is followed. */
function nextTarget({ url, status, location }: Answer, { method }: RegistryRequest): string {
  const target =
    location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (target !== undefined && target.origin === new URL(url).origin) {
    // Other redirects would make a POST a GET.
    if (method === "GET" || status === 307 || status === 308) return target.href;
  }
  const where = target === undefined ? "nowhere" : `to ${target.origin}${target.pathname}`;
  throw registryError(
    registryCode.redirect,
    `${url} redirects ${where}, which is not followed: set registry.url to where the registry is`,
  );
}
