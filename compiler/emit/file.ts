import type { Program } from "../model/program.ts";
import type { FunctionModel } from "../model/topology.ts";
import type { DeclarationModel } from "../model/type.ts";
import { type Code, code, ident, member } from "./code.ts";
import { Imports } from "./imports.ts";

/** What every emitter is given beside its part of the model. */
export interface EmitContext {
  readonly program: Program;
  /** The output folder, from the project's root, with forward slashes. */
  readonly out: string;
  /** The specifier by which one file imports another; both are paths from the project's root. */
  importPath(from: string, to: string): string;
}

/** A generated TypeScript file while it is written: it knows its place, and collects its imports. */
export class GeneratedFile {
  readonly path: string;
  readonly context: EmitContext;
  readonly imports: Imports;
  readonly #namespaces: Map<string, Code> = new Map();

  /** `path` is from the output folder; `declared` are the names that the file will declare. */
  constructor(path: string, context: EmitContext, declared: Iterable<string> = []) {
    this.path = path;
    this.context = context;
    this.imports = new Imports(declared);
  }

  get program(): Program {
    return this.context.program;
  }

  /** A type that the runtime exports. */
  runtimeType(name: string): Code {
    return this.imports.type("@streamgen/runtime", name);
  }

  /** A function that the runtime exports. */
  runtime(name: string): Code {
    return this.imports.value("@streamgen/runtime", name);
  }

  /** A value of `@streamgen/runtime/codec`. */
  codecs(name: string): Code {
    return this.imports.value("@streamgen/runtime/codec", name);
  }

  /** A value of another generated file, `path` from the output folder. */
  generated(path: string, name: string): Code {
    return this.imports.value(this.#specifier(`${this.context.out}/${path}`), name);
  }

  /** A type of another generated file, `path` from the output folder. */
  generatedType(path: string, name: string): Code {
    return this.imports.type(this.#specifier(`${this.context.out}/${path}`), name);
  }

  /** A function of the user's. */
  userFunction({ module, name, external }: FunctionModel): Code {
    const namespace = this.#namespaces.get(module);
    if (namespace !== undefined) return code`${namespace}${member(name)}`;
    return this.imports.value(external ? module : this.#specifier(module), name);
  }

  /** An exported type of the user's. */
  userType({ module, name, external }: DeclarationModel & { readonly kind: "export" }): Code {
    const namespace = this.#namespaces.get(module);
    if (namespace !== undefined) return code`${namespace}.${ident(name)}`;
    return this.imports.type(external ? module : this.#specifier(module), name);
  }

  /** Imports a whole module of the user's, so that what it exports is named by it: `shop.Order`. */
  userModule(module: string, isExternal: boolean, name: string): void {
    const specifier = isExternal ? module : this.#specifier(module);
    this.#namespaces.set(module, this.imports.namespace(specifier, name));
  }

  #specifier(to: string): string {
    return this.context.importPath(`${this.context.out}/${this.path}`, to);
  }
}
