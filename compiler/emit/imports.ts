import { type Code, code, comment, ident, lines, literal, nothing, object } from "./code.ts";

interface ModuleImports {
  /** The names by which the file knows the module's exports. */
  readonly locals: Map<string, string>;
  /** Exports of which only the type is used are not among them. */
  readonly values: Set<string>;
  namespace: string | undefined;
}

/** What generated code calls by these names, which therefore nothing else may have. */
const globals = [
  ...["Array", "BigInt", "Buffer", "Date", "Error", "Map", "Math", "NaN", "Infinity", "Number"],
  ...["Object", "Promise", "Set", "String", "Uint8Array", "Awaited", "Exclude", "Extract"],
  ...["NonNullable", "Partial", "Readonly", "Record"],
];

/**
 * What a generated file imports. Emitters ask for a symbol where they use it and get its name, so that
 * no import is missing or left over; the import lines are written last.
 */
export class Imports {
  readonly #modules: Map<string, ModuleImports> = new Map();
  readonly #taken: Set<string> = new Set(globals);

  /** A type. Specifiers are as they will stand in the file. */
  type(specifier: string, name: string): Code {
    return this.#local(this.#module(specifier), name);
  }

  /** A function, class or constant. */
  value(specifier: string, name: string): Code {
    const module = this.#module(specifier);
    module.values.add(name);
    return this.#local(module, name);
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

  #module(specifier: string): ModuleImports {
    const known = this.#modules.get(specifier);
    if (known !== undefined) return known;
    const module = { locals: new Map(), values: new Set<string>(), namespace: undefined };
    this.#modules.set(specifier, module);
    return module;
  }

  #local({ locals }: ModuleImports, name: string): Code {
    const local = locals.get(name) ?? this.#free(name);
    locals.set(name, local);
    return ident(local);
  }

  #free(name: string): string {
    let free = name;
    for (let count = 2; this.#taken.has(free); count++) free = `${name}${count}`;
    this.#taken.add(free);
    return free;
  }
}

function importLines(specifier: string, { locals, values, namespace }: ModuleImports): Code[] {
  const from = literal(specifier);
  const written: Code[] = [];
  const isType = values.size === 0;
  const names = [...locals.keys()].sort(compareNaturally).map((name) => {
    const local = locals.get(name) ?? name;
    const binding = local === name ? ident(name) : code`${ident(name)} as ${ident(local)}`;
    return isType || values.has(name) ? binding : code`type ${binding}`;
  });
  if (names.length > 0) {
    written.push(code`import ${isType ? code`type ` : nothing}${object(names)} from ${from};`);
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
