import type { Secret, Setting, WorkerConfig } from "../spec.ts";
import { HiddenText, hidden } from "./hidden-text.ts";
import type { SecretRow } from "./secret-table.ts";
import type { SettingRow } from "./setting-table.ts";

/** The process's environment, or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the value of a setting comes from; each beats those before it. */
export type SettingSource =
  | { readonly kind: "default" }
  /** The generated configuration: itself, or a variable or file that it names. */
  | { readonly kind: "configuration"; readonly variable?: string; readonly file?: string }
  | { readonly kind: "environment"; readonly variable: string; readonly file?: string }
  | { readonly kind: "flag"; readonly flag: string }
  /** The program that makes the worker. */
  | { readonly kind: "option" };

/** A setting with its value and where it comes from. */
export interface ShownSetting {
  readonly name: string;
  /** `***` for a secret; absent where nobody has said anything. */
  readonly value?: string | number | boolean;
  readonly source?: SettingSource;
}

/** A value that was found. */
export interface Found<Value> {
  readonly name: string;
  readonly value: Value;
  readonly source: SettingSource;
}

export interface LayerSources {
  readonly config: WorkerConfig;
  readonly env: Environment;
  /** By flag's name, without hyphens. */
  readonly flags: Readonly<Record<string, string>>;
  /** By setting's name. */
  readonly options: Readonly<Record<string, string | number | undefined>>;
  /** Variables that the configuration names and nobody has set are no problem in what starts so. */
  readonly unneeded: RegExp;
}

const ranks: readonly SettingSource["kind"][] = [
  "default",
  "configuration",
  "environment",
  "flag",
  "option",
];

/** Which of two sources beats the other: above zero the first, below zero the second. */
export function compareSources(a: SettingSource, b: SettingSource): number {
  return ranks.indexOf(a.kind) - ranks.indexOf(b.kind);
}

interface Layer {
  readonly text: string;
  readonly source: SettingSource;
}

/** Finds the value of each setting in the layers, and collects what is wrong with them. */
export class Layers {
  readonly problems: string[] = [];
  /** Settings with a problem: one is enough. */
  readonly #told = new Set<string>();
  readonly #sources: LayerSources;
  readonly #shown = new Map<string, ShownSetting>();

  constructor(sources: LayerSources) {
    this.#sources = sources;
  }

  /** Every setting that was asked for, in that order. */
  get shown(): readonly ShownSetting[] {
    return [...this.#shown.values()];
  }

  value<Value extends string | number | boolean | readonly string[]>(
    row: SettingRow<Value>,
  ): Found<Value> | undefined {
    const { name, kind, otherwise } = row;
    const layer = this.#layer(row);
    if (layer === undefined) {
      const source = { kind: "default" } as const;
      this.show(name, otherwise, source);
      return otherwise === undefined ? undefined : { name, value: otherwise, source };
    }
    const value = kind.parse(layer.text);
    if (value === undefined) {
      const found = JSON.stringify(withoutPassword(layer.text));
      this.problem(name, `${named(layer.source, row)} is ${found}: use ${kind.expected}`, true);
      return undefined;
    }
    this.show(name, value, layer.source);
    return { name, value, source: layer.source };
  }

  secret(row: SecretRow): Found<HiddenText> | undefined {
    const { name, variable } = row;
    const { env, config } = this.#sources;
    if (env[variable] !== undefined || env[`${variable}_FILE`] !== undefined) {
      return this.#environmentSecret(row);
    }
    const secret = row.read(config);
    if (secret !== undefined) return this.#configuredSecret(name, secret);
    this.show(name, undefined, { kind: "default" });
    return undefined;
  }

  /** A text that only the configuration says. */
  configured(name: string, setting: Setting): string | undefined {
    const layer = this.#configuredLayer(name, setting);
    if (layer !== undefined) this.show(name, layer.text, layer.source);
    return layer?.text;
  }

  show(
    name: string,
    value: string | number | boolean | readonly string[] | undefined,
    source: SettingSource,
  ): void {
    if (value === undefined) this.#shown.set(name, { name });
    else {
      const text = typeof value === "object" ? value.join(",") : value;
      this.#shown.set(name, { name, value: text, source });
    }
  }

  /**
   * Adds what is wrong with a setting, unless something is said of it already. What is missing is no
   * problem where the setting is not needed; what `isWrong` is one in any case.
   */
  problem(name: string, text: string, isWrong = false): void {
    if (this.#told.has(name) || (!isWrong && this.#sources.unneeded.test(name))) return;
    this.#told.add(name);
    this.problems.push(text);
  }

  /** What has no effect beside another setting is as if nobody had said it. */
  ignore(name: string): void {
    this.#shown.set(name, { name });
  }

  /** The layer that counts: the highest that says anything. */
  #layer(row: SettingRow<unknown>): Layer | undefined {
    const { config, env, flags, options } = this.#sources;
    const option = options[row.name];
    if (option !== undefined) return { text: String(option), source: { kind: "option" } };
    const flag = row.flag === undefined ? undefined : flags[row.flag];
    if (row.flag !== undefined && flag !== undefined) {
      return { text: flag, source: { kind: "flag", flag: row.flag } };
    }
    const text = env[row.variable];
    if (text !== undefined) {
      return { text, source: { kind: "environment", variable: row.variable } };
    }
    const setting = row.read(config);
    if (setting === undefined) return undefined;
    return typeof setting === "object" || typeof setting === "string"
      ? this.#configuredLayer(row.name, setting)
      : { text: String(setting), source: { kind: "configuration" } };
  }

  #configuredLayer(name: string, setting: Setting): Layer | undefined {
    if (typeof setting === "string") return { text: setting, source: { kind: "configuration" } };
    const variable = setting.env;
    const text = this.#sources.env[variable];
    if (text !== undefined) return { text, source: { kind: "configuration", variable } };
    if (setting.otherwise !== undefined) {
      return { text: setting.otherwise, source: { kind: "configuration" } };
    }
    this.#missing(name, variable);
    return undefined;
  }

  #environmentSecret({ name, variable }: SecretRow): Found<HiddenText> | undefined {
    const { env } = this.#sources;
    const file = env[`${variable}_FILE`];
    if (env[variable] !== undefined && file !== undefined) {
      this.problem(name, `${variable} and ${variable}_FILE are both set: use one`, true);
      return undefined;
    }
    if (this.#isEmpty(name, variable) || this.#isEmpty(name, `${variable}_FILE`)) return undefined;
    if (file === undefined) {
      const source = { kind: "environment", variable } as const;
      return this.#hide(name, HiddenText.fromEnvironment(env, variable, name), source);
    }
    const source = { kind: "environment", variable: `${variable}_FILE`, file } as const;
    return this.#hide(name, HiddenText.fromFile(file, name), source);
  }

  #configuredSecret(name: string, secret: Secret): Found<HiddenText> | undefined {
    const { env } = this.#sources;
    if ("file" in secret) {
      const file = this.#configuredLayer(name, secret.file)?.text;
      if (file === undefined) return undefined;
      return this.#hide(name, HiddenText.fromFile(file, name), { kind: "configuration", file });
    }
    const variable = secret.env;
    if (env[variable] === undefined || env[variable] === "") {
      this.#missing(name, variable);
      return undefined;
    }
    const source = { kind: "configuration", variable } as const;
    return this.#hide(name, HiddenText.fromEnvironment(env, variable, name), source);
  }

  #hide(name: string, value: HiddenText, source: SettingSource): Found<HiddenText> {
    this.show(name, hidden, source);
    return { name, value, source };
  }

  #isEmpty(name: string, variable: string): boolean {
    if (this.#sources.env[variable] !== "") return false;
    this.problem(name, `${variable} is empty: set it, or remove it`, true);
    return true;
  }

  #missing(name: string, variable: string): void {
    this.#shown.set(name, { name });
    this.problem(name, `set the environment variable ${variable}: it gives ${name}`);
  }
}

/** What a person has to look at to change a value. */
function named(source: SettingSource, { name }: { readonly name: string }): string {
  switch (source.kind) {
    case "environment":
      return source.variable;
    case "flag":
      return `--${source.flag}`;
    case "configuration":
      return source.variable === undefined ? name : `${source.variable}, which gives ${name},`;
    case "option":
    case "default":
      return name;
  }
}

/** What stands before an @ may be a user and a password, wherever it has got to. */
function withoutPassword(text: string): string {
  return text.replace(/^.*@/s, `${hidden}@`).slice(0, 200);
}
