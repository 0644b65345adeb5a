/** What a project needs in its package.json. */
export interface PackageNeeds {
  /** For a new file only. */
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** A package.json with what was missing, and what that was. */
export interface CompletedPackage {
  readonly text: string;
  /** Such as `scripts.start`. Empty when nothing was missing. */
  readonly added: readonly string[];
  /** Scripts that are there already and do something else. */
  readonly kept: readonly string[];
  /** Whether its files are ES modules. */
  readonly isModule: boolean;
}

type Section = "scripts" | "dependencies" | "devDependencies";

const sections: readonly Section[] = ["scripts", "dependencies", "devDependencies"];

/** A new package.json. */
export function newPackage(needs: PackageNeeds): string {
  const { name, ...rest } = needs;
  return print({ name, version: "0.1.0", private: true, type: "module", ...rest }, "  ");
}

/**
 * Adds what is missing and changes nothing else; the file's indentation stays. `undefined` where the
 * text is no JSON object. `makesModule` adds `"type": "module"` where the file says no type.
 */
export function completePackage(
  text: string,
  needs: PackageNeeds,
  makesModule: boolean,
): CompletedPackage | undefined {
  const content = parseObject(text);
  if (content === undefined) return undefined;
  const isMadeModule = makesModule && !Object.hasOwn(content, "type");
  if (isMadeModule) content["type"] = "module";
  const completions = sections.map((section) => complete(content, section, needs[section]));
  for (const { section, entries, missing } of completions) {
    if (missing.length > 0) content[section] = entries;
  }
  const added = [
    ...(isMadeModule ? ["type"] : []),
    ...completions.flatMap(({ section, missing }) => missing.map((name) => `${section}.${name}`)),
  ];
  const scripts = objectOf(content["scripts"]);
  const kept = Object.entries(needs.scripts).filter(([name, script]) => scripts[name] !== script);
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  return {
    text: added.length === 0 ? text : print(content, indent),
    added,
    kept: kept.map(([name]) => `scripts.${name}`),
    isModule: content["type"] === "module",
  };
}

interface Completion {
  readonly section: Section;
  /** What was there and what was missing. */
  readonly entries: Readonly<Record<string, unknown>>;
  readonly missing: readonly string[];
}

function complete(
  content: Readonly<Record<string, unknown>>,
  section: Section,
  needed: Readonly<Record<string, string>>,
): Completion {
  const existing = objectOf(content[section]);
  const known = section === "scripts" ? existing : installed(content);
  const missing = Object.keys(needed).filter((name) => !Object.hasOwn(known, name));
  const additions = missing.map((name) => [name, needed[name]] as const);
  return { section, entries: { ...existing, ...Object.fromEntries(additions) }, missing };
}

/** A package counts wherever it is installed. */
function installed(content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...objectOf(content["dependencies"]), ...objectOf(content["devDependencies"]) };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function print(content: object, indent: string): string {
  return `${JSON.stringify(content, undefined, indent)}\n`;
}
