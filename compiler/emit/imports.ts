import { type Code, code, comment, ident, lines, literal, nothing, object } from "./code.ts";
import { camelCase, upperFirst } from "./names.ts";

interface ModuleImports {
  /** The local name of each exported name, and whether it is needed as a value. */
  readonly names: Map<string, { readonly local: string; isValue: boolean }>;
  namespace: string | undefined;
}

/**
 * What a generated file imports. Emitters ask for a symbol where they use it and get its name, so that
 * no import is missing or left over; the import lines are written last. Where two modules export one
 * name, the one asked for later is imported under its module's name and its own.
 */
export class Imports {
  readonly #modules: Map<string, ModuleImports> = new Map();
  readonly #locals: Set<string>;

  /** `declared` are the names that the file itself declares. */
  constructor(declared: Iterable<string> = []) {
    this.#locals = new Set(declared);
  }

  /** A type. Specifiers are as they will stand in the file. */
  type(specifier: string, name: string): Code {
    return ident(this.#import(specifier, name).local);
  }

  /** A function, class or constant. */
  value(specifier: string, name: string): Code {
    const imported = this.#import(specifier, name);
    imported.isValue = true;
    return ident(imported.local);
  }

  /** A whole module, under a name that the caller keeps free of clashes. */
  namespace(specifier: string, name: string): Code {
    this.#module(specifier).namespace = name;
    return ident(name);
  }

  /** A name for something that the file declares: `name` itself, or with a number if that is taken. */
  declare(name: string): Code {
    return ident(this.#free(name));
  }

  /** The import lines, sorted as formatters sort them: packages, then the far folders, then the near. */
  code(): Code {
    const sorted = [...this.#modules].sort(([a], [b]) => compareSpecifiers(a, b));
    if (sorted.length === 0) return nothing;
    return lines(sorted.flatMap(([specifier, module]) => importLines(specifier, module)));
  }

  #import(specifier: string, name: string): { readonly local: string; isValue: boolean } {
    const { names } = this.#module(specifier);
    const known = names.get(name);
    if (known !== undefined) return known;
    const local = this.#locals.has(name) ? this.#alias(specifier, name) : this.#free(name);
    const imported = { local, isValue: false };
    names.set(name, imported);
    return imported;
  }

  /** `Worker` of "../src/shop.js" as `ShopWorker`. */
  #alias(specifier: string, name: string): string {
    const module = specifier.slice(specifier.lastIndexOf("/") + 1).replace(/\.[cm]?[jt]sx?$/, "");
    const alias = `${camelCase(module)}${upperFirst(name)}`;
    return this.#free(name === upperFirst(name) ? upperFirst(alias) : alias);
  }

  #free(name: string): string {
    let free = name;
    for (let number = 2; this.#locals.has(free); number++) free = `${name}${number}`;
    this.#locals.add(free);
    return free;
  }

  #module(specifier: string): ModuleImports {
    const known = this.#modules.get(specifier);
    if (known !== undefined) return known;
    const module = { names: new Map(), namespace: undefined };
    this.#modules.set(specifier, module);
    return module;
  }
}

function importLines(specifier: string, { names, namespace }: ModuleImports): Code[] {
  const from = literal(specifier);
  const written: Code[] = [];
  const sorted = [...names].sort(([a], [b]) => compareNaturally(a, b));
  const hasValue = sorted.some(([, { isValue }]) => isValue);
  const entries = sorted.map(([name, { local, isValue }]) => {
    const entry = name === local ? ident(name) : code`${ident(name)} as ${ident(local)}`;
    return isValue || !hasValue ? entry : code`type ${entry}`;
  });
  if (entries.length > 0) {
    written.push(
      hasValue
        ? code`import ${object(entries)} from ${from};`
        : code`import type ${object(entries)} from ${from};`,
    );
  }
  if (namespace !== undefined) {
    written.push(code`import * as ${ident(namespace)} from ${from};`);
  }
  return written;
}

/** Packages first; then relative paths, those that climb furthest first. */
function compareSpecifiers(a: string, b: string): number {
  return climb(b) - climb(a) || compareNaturally(a, b);
}

/** How many folders a path climbs; packages come before all of them. */
function climb(specifier: string): number {
  if (!specifier.startsWith(".")) return Number.MAX_SAFE_INTEGER;
  return specifier.split("/").filter((part) => part === "..").length;
}

/**
 * The order of Biome: letter by letter without regard to case, capitals first where only the case
 * differs, digits as numbers; never by the machine's locale.
 */
export function compareNaturally(a: string, b: string): number {
  const left = naturalParts(a);
  const right = naturalParts(b);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const naturalParts = (text: string): readonly string[] => text.match(/\d+|./gsu) ?? [];

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return Number(a) - Number(b);
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The first line of every generated file. `source` is a path from the project's root. */
export const header = (source?: string): Code =>
  source === undefined
    ? code`// @generated by streamgen. Do not edit.`
    : code`// @generated by streamgen from ${comment(source)}. Do not edit.`;
