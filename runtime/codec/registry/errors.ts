import { StreamgenError } from "../../errors.ts";

/** What can go wrong with a registry, by code. A caller compares `error.code`, never the text. */
export const registryCode = {
  /** Settings that cannot work. */
  settings: "SG5040",
  /** No answer, or one that says to come again: connection refused, timeout, 408, 429, 5xx. */
  away: "SG5041",
  /** It does not let this worker in: 401, 403. */
  access: "SG5042",
  /** An answer that no schema registry gives. */
  nonsense: "SG5043",
  /** It sends callers somewhere else. */
  redirect: "SG5044",
  /** The schema is incompatible with those that its subject has: 409. */
  incompatible: "SG5045",
  /** It understood and said no: the other 4xx, such as a subject that is read-only. */
  refused: "SG5046",
  /** Ids come from the configuration, which does not have this one. */
  noId: "SG5047",
  /** The registry was reached and has no such schema. */
  unknown: "SG5032",
} as const;

export type RegistryCode = (typeof registryCode)[keyof typeof registryCode];

export function registryError(
  code: RegistryCode,
  message: string,
  cause?: unknown,
): StreamgenError {
  return new StreamgenError(code, message, {}, cause);
}

/** Whether an error is a registry's, of one of these codes. */
export function isRegistryError(
  error: unknown,
  ...codes: readonly RegistryCode[]
): error is StreamgenError {
  return error instanceof StreamgenError && codes.some((code) => code === error.code);
}

/** Whether the registry is to blame, so that the same call may well work later. */
export function isRegistryAway(error: unknown): error is StreamgenError {
  const { access, away, nonsense, redirect, refused } = registryCode;
  return isRegistryError(error, away, access, nonsense, redirect, refused);
}
