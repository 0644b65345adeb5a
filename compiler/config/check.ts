import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { EnvMarker, FileMarker, Secret, Setting } from "./config.ts";
import { missingPart, secretAsText, unknownKey, wrongValue } from "./diagnostics.ts";
import type { KeyPath, Places } from "./place.ts";

/** An object of a configuration, whose values are not checked yet. */
export type Unchecked = Readonly<Record<string, unknown>>;

/**
 * Collects what is wrong. Each method gives a usable value in any case, so that all is reported, and
 * `undefined` for what the configuration leaves out.
 */
export class Check {
  readonly diagnostics: Diagnostic[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Adds what a factory says about the key at `at`. */
  report(at: KeyPath, diagnostic: (span: ReturnType<Places["key"]>) => Diagnostic): void {
    this.diagnostics.push(diagnostic(this.#places.key(at)));
  }

  /** `expected` follows "must be". */
  wrong(at: KeyPath, expected: string, value: unknown): void {
    const found = describe(value);
    this.report(at, (span) => wrongValue(at, { expected, found }, span));
  }

  object(at: KeyPath, value: unknown, known: readonly string[]): Unchecked {
    if (!isObject(value)) {
      if (value !== undefined) this.wrong(at, "an object", value);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const path = [...at, key];
      this.report(path, (span) => unknownKey(path, known, span));
    }
    return value;
  }

  integer(
    at: KeyPath,
    value: unknown,
    { min, max }: { readonly min: number; readonly max: number },
  ): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    this.wrong(at, `a whole number from ${min} to ${max}`, value);
    return undefined;
  }

  /** One of a few texts. */
  choice<Choice extends string>(
    at: KeyPath,
    value: unknown,
    choices: readonly Choice[],
  ): Choice | undefined {
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    const quoted = choices.map((choice) => JSON.stringify(choice));
    const last = quoted.at(-1);
    if (found === undefined) {
      this.wrong(at, `${quoted.slice(0, -1).join(", ")} or ${last}`, value);
    }
    return found;
  }

  setting(at: KeyPath, value: unknown): Setting | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string" && value !== "") return value;
    if (isEnvMarker(value)) return value;
    this.wrong(at, "a text or env(...)", value);
    return undefined;
  }

  /** Never shows what it finds: it may be the secret itself. */
  secret(at: KeyPath, value: unknown): Secret | undefined {
    if (value === undefined) return undefined;
    if (isFileMarker(value)) return value;
    if (isEnvMarker(value) && value.otherwise === undefined) return { env: value.env };
    if (typeof value === "string" || isEnvMarker(value)) {
      this.report(at, (span) => secretAsText(at, { isUrl: false }, span));
      return undefined;
    }
    const expected = "env(...) or file(...)";
    const found = "something else";
    this.report(at, (span) => wrongValue(at, { expected, found }, span));
    return undefined;
  }

  /** Says which of the parts named are missing in `given`. */
  need(at: KeyPath, given: Unchecked, parts: readonly string[]): void {
    for (const part of parts) {
      if (given[part] !== undefined) continue;
      this.report(at, (span) => missingPart(at, `"${part}"`, span));
    }
  }
}

/** An object of the parts that are there. */
export function present<T extends object>(
  parts: {
    readonly [Key in keyof T]: T[Key] | undefined;
  },
): T {
  // What is left has the type of each part without `undefined`; `fromEntries` cannot say so.
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as T;
}

export function isObject(value: unknown): value is Unchecked {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEnvMarker(value: unknown): value is EnvMarker {
  return (
    isObject(value) &&
    typeof value["env"] === "string" &&
    /^[A-Za-z_]\w*$/.test(value["env"]) &&
    (value["otherwise"] === undefined || typeof value["otherwise"] === "string") &&
    Object.keys(value).every((key) => key === "env" || key === "otherwise")
  );
}

function isFileMarker(value: unknown): value is FileMarker {
  if (!(isObject(value) && Object.keys(value).length === 1)) return false;
  const { file } = value;
  return (typeof file === "string" && file !== "") || isEnvMarker(file);
}

/** What was found, in a few words. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  // What stands before an @ may be a password, wherever it has got to.
  if (typeof value === "string") return JSON.stringify(value.replace(/^.*@/s, "***@").slice(0, 60));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === undefined ? "missing" : `a ${typeof value}`;
}
