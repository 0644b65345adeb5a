/**
 * Writes bodies at random: what no one would think of, in the language of one who means no good.
 */
import type { Random } from "../../../random.ts";

/** Names in scope, by what they hold. */
interface Scope {
  readonly wholes: readonly string[];
  readonly texts: readonly string[];
  readonly tables: readonly string[];
  /** Names that may be assigned to. */
  readonly changeable: { readonly wholes: readonly string[]; readonly texts: readonly string[] };
  /** Functions of (table, whole, text), and of a whole, and of nothing that gives a whole. */
  readonly writers: readonly string[];
  readonly askers: readonly string[];
  readonly givers: readonly string[];
}

const emptyScope: Scope = {
  wholes: ["order"],
  texts: [],
  tables: ["counts"],
  changeable: { wholes: [], texts: [] },
  writers: ["writeFar"],
  askers: ["askFar"],
  givers: [],
};

/** Statements, and the scope after them. */
interface Written {
  readonly text: string;
  readonly scope: Scope;
}

/** Each access has a number of its own, which its last argument gives: so a run can name it. */
export class BodyWriter {
  readonly #rng: Random;
  #names = 0;
  #sites = 1000;
  /** Whether the body does what stops most of the analysis. */
  #isWild = false;

  constructor(rng: Random) {
    this.#rng = rng;
  }

  /** A function of the pipeline. */
  agent(name: string): string {
    this.#isWild = this.#rng.chance(0.4);
    const { text, scope } = this.#block(emptyScope, 3 + this.#rng.int(6), 2);
    const result = this.#rng.pick([
      () => "",
      () => `return ${this.#text(scope, 2)};`,
      () => `return [${this.#text(scope, 1)}];`,
      () => `return ${this.#text(scope, 1)} === "a" ? ${this.#whole(scope, 1)} : undefined;`,
    ])();
    return `export function ${name}(order: Each<Orders>, counts: Counts): unknown {\n${text}${result}\n}\n`;
  }

  #name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  #site(): number {
    this.#sites += 1;
    return this.#sites;
  }

  #block(outer: Scope, length: number, depth: number): Written {
    let scope = outer;
    const lines: string[] = [];
    for (let n = 0; n < length; n += 1) {
      const written = this.#statement(scope, depth);
      lines.push(written.text);
      scope = written.scope;
    }
    return { text: `${lines.join("\n")}\n`, scope };
  }

  #statement(scope: Scope, depth: number): Written {
    const rng = this.#rng;
    const simple = [
      () => this.#aliasWhole(scope),
      () => this.#aliasText(scope),
      () => this.#takeApart(scope),
      () => this.#assign(scope),
      () => this.#assign(scope),
      () => this.#access(scope),
      () => this.#access(scope),
      () => this.#change(scope),
      () => this.#lookAt(scope),
      () => this.#handOn(scope),
    ];
    const nested = [() => this.#nest(scope, depth), () => this.#helper(scope, depth)];
    return rng.pick(depth > 0 ? [...simple, ...nested, ...nested] : simple)();
  }

  #aliasWhole(scope: Scope): Written {
    const name = this.#name("o");
    const kind = this.#rng.pick(["const", "const", "let", "var"]);
    const text = `${kind} ${name}: Order = ${this.#whole(scope, 2)};`;
    return { text, scope: this.#withWhole(scope, name, kind !== "const") };
  }

  #aliasText(scope: Scope): Written {
    const name = this.#name("t");
    const kind = this.#rng.pick(["const", "const", "let", "var"]);
    const text = `${kind} ${name}: string = ${this.#text(scope, 2)};`;
    return { text, scope: this.#withText(scope, name, kind !== "const") };
  }

  #takeApart(scope: Scope): Written {
    const [a, b] = [this.#name("t"), this.#name("t")];
    const kind = this.#rng.pick(["const", "let"]);
    const pattern = this.#rng.pick([
      `{ customerId: ${a}, id: ${b} }`,
      `{ coupon: ${a} = "none", address: { city: ${b} } }`,
      `{ ["customerId"]: ${a}, tags: [${b} = "first"] }`,
      `{ id: ${a}, customerId: ${b} = "d" }`,
    ]);
    const text = `${kind} ${pattern} = ${this.#whole(scope, 1)};`;
    const isChangeable = kind === "let";
    return { text, scope: this.#withText(this.#withText(scope, a, isChangeable), b, isChangeable) };
  }

  #assign(scope: Scope): Written {
    const { wholes, texts } = scope.changeable;
    if (texts.length > 0 && this.#rng.chance(0.6)) {
      const name = this.#rng.pick(texts);
      const text = this.#rng.pick([
        () => `${name} = ${this.#text(scope, 1)};`,
        () => `({ customerId: ${name} } = ${this.#whole(scope, 1)});`,
        () => `${name} ||= ${this.#text(scope, 1)};`,
        () => `[${name}] = [${this.#text(scope, 1)}];`,
      ])();
      return { text, scope };
    }
    if (wholes.length === 0) return this.#access(scope);
    return { text: `${this.#rng.pick(wholes)} = ${this.#whole(scope, 1)};`, scope };
  }

  /** The table is used, directly or by a function that gets it. */
  #access(scope: Scope): Written {
    const table = this.#rng.pick(scope.tables);
    const text = this.#rng.pick([
      () => `${table}.set(${this.#text(scope, 2)}, ${this.#site()});`,
      () => `${table}.update(${this.#text(scope, 2)}, () => ${this.#site()});`,
      () => `${table}.getOr(${this.#text(scope, 1)}, ${this.#site()});`,
      () => `${table}["set"](${this.#text(scope, 1)}, ${this.#site()});`,
      () => this.#writer(scope, table),
      () => this.#writer(scope, table),
      () => `[1].forEach(() => ${table}.set(${this.#text(scope, 1)}, ${this.#site()}));`,
      ...(this.#isWild
        ? [() => `[${table}].forEach((t) => t.set(${this.#text(scope, 1)}, ${this.#site()}));`]
        : []),
    ])();
    return { text, scope };
  }

  #writer(scope: Scope, table: string): string {
    const name = this.#rng.pick(scope.writers);
    return `${name}(${table}, ${this.#whole(scope, 1)}, ${this.#text(scope, 1)});`;
  }

  #change(scope: Scope): Written {
    if (!this.#isWild || this.#rng.chance(0.5)) return this.#access(scope);
    const whole = this.#whole(scope, 1);
    const text = this.#rng.pick([
      () => `(${whole}).customerId = ${this.#text(scope, 1)};`,
      () => `(${whole}).tags.push("p");`,
      () => `(${whole}).address.city = "c";`,
      () => `(${whole}).amount++;`,
      () => `delete (${whole}).coupon;`,
      () => `({ id: (${whole}).customerId } = ${this.#whole(scope, 0)});`,
      () => `{ const c = { ...${whole} }; c.customerId = "copy"; c.tags.push("x"); }`,
    ])();
    return { text: `;${text}`, scope };
  }

  #lookAt(scope: Scope): Written {
    const whole = this.#whole(scope, 1);
    const text = this.#rng.pick([
      () => `void (${whole}).amount;`,
      () => `void (${whole}).tags.map((t) => t.length);`,
      () => `if (${whole} === undefined) void 0;`,
      () => `void [${whole}.items].length;`,
      () => `void JSON.stringify({ a: (${whole}).address });`,
      () => `void (${whole})?.placedAt.getTime();`,
      () => `for (const t of (${whole}).tags) void t;`,
      () => `void \`\${${this.#text(scope, 1)}}\`;`,
      () => `${this.#rng.pick(scope.askers)}(${whole});`,
    ])();
    return { text: text.replace(/^\(/, ";("), scope };
  }

  /** Out of sight, in ways that mostly do not stop the analysis of everything else. */
  #handOn(scope: Scope): Written {
    if (!this.#isWild || this.#rng.chance(0.6)) return this.#lookAt(scope);
    const whole = this.#whole(scope, 1);
    const text = this.#rng.pick([
      `unknown(${whole});`,
      `unknown((${whole}).address);`,
      `unknown({ it: ${whole} });`,
      `[${whole}].forEach(unknown);`,
      `try { throw ${whole}; } catch (e) { void (e as Order).coupon; }`,
      `void ("coupon" in ${whole});`,
      `unknown(() => (${whole}).status);`,
    ]);
    return { text: text.startsWith("[") ? `;${text}` : text, scope };
  }

  #nest(scope: Scope, depth: number): Written {
    const inner = this.#block(scope, 1 + this.#rng.int(3), depth - 1).text;
    const label = this.#name("l");
    const text = this.#rng.pick([
      () => `if (${this.#text(scope, 1)} > "c") {\n${inner}}`,
      () => `for (let i = 0; i < 2; i++) {\n${inner}}`,
      () => `for (const each of [${this.#text(scope, 1)}, "e"]) {\n${inner}void each; }`,
      () => `try {\n${inner}} finally { void ${this.#text(scope, 1)}; }`,
      () => `${label}: for (const n of [1, 2]) {\n${inner}if (n === 1) continue ${label}; }`,
      () => `[1, 2].forEach(() => {\n${inner}});`,
      () => `(() => {\n${inner}})();`,
      () => `switch (${this.#text(scope, 1)}) { case "a": {\n${inner}} default: void 0; }`,
      () => `{\n${inner}}`,
    ])();
    return { text: text.startsWith("(") || text.startsWith("[") ? `;${text}` : text, scope };
  }

  #helper(scope: Scope, depth: number): Written {
    const rng = this.#rng;
    const [fn, t, o, k] = ["f", "c", "p", "k"].map((prefix) => this.#name(prefix));
    if (fn === undefined || t === undefined || o === undefined || k === undefined)
      throw new Error();
    const own: Scope = {
      ...scope,
      wholes: [...scope.wholes, o],
      texts: [...scope.texts, k],
      tables: [...scope.tables, t],
      changeable: {
        wholes: [...scope.changeable.wholes, o],
        texts: [...scope.changeable.texts, k],
      },
    };
    const inner = this.#block(own, 1 + rng.int(3), depth - 1);
    return rng.pick([
      () => ({
        text: `const ${fn} = (${t}: Counts, ${o}: Order, ${k}: string): void => {\n${inner.text}};`,
        scope: { ...scope, writers: [...scope.writers, fn, fn] },
      }),
      () => ({
        text: `const ${fn} = (${o} = order, ${k} = ${o}.customerId, ${t} = counts): Order => {\n${inner.text}return ${this.#whole(inner.scope, 1)}; };`,
        scope: { ...scope, givers: [...scope.givers, fn, fn] },
      }),
      () => ({
        text: `function ${fn}(${o}: Order, ${k} = "0", ${t} = counts, n = 2): string {\n${inner.text}return n > 0 ? ${fn}(${this.#whole(inner.scope, 0)}, ${k} + "0", ${t}, n - 1) : ${this.#text(inner.scope, 1)}; }`,
        scope: { ...scope, askers: [...scope.askers, fn, fn] },
      }),
    ])();
  }

  /** An expression that is an order. */
  #whole(scope: Scope, depth: number): string {
    const { wholes, givers, changeable } = scope;
    const simple = [() => this.#rng.pick(wholes), () => this.#rng.pick(wholes)];
    if (depth === 0) return this.#rng.pick(simple)();
    const inner = (): string => this.#whole(scope, depth - 1);
    return this.#rng.pick([
      ...simple,
      ...simple,
      () => `same(${inner()})`,
      () => `(${inner()} as Order)`,
      () => `(${this.#text(scope, 0)} > "k" ? ${inner()} : ${inner()})`,
      ...(this.#isWild
        ? [() => `(${inner()} ?? defaults)`, () => `(Math.random() > 0.5 ? ${inner()} : defaults)`]
        : []),
      () => `(void 0, ${inner()})`,
      ...givers.map((fn) => () => `${fn}()`),
      ...givers.map((fn) => () => `${fn}(${inner()})`),
      ...changeable.wholes.map((name) => () => `(${name} = ${inner()})`),
    ])();
  }

  /** An expression that is a text, and may be the stream's key. */
  #text(scope: Scope, depth: number): string {
    const { texts, askers, changeable } = scope;
    const own = (): string => `${this.#whole(scope, Math.max(0, depth - 1))}.customerId`;
    const named = texts.map((name) => () => name);
    if (depth === 0) return this.#rng.pick([...named, own, () => '"l"'])();
    return this.#rng.pick([
      own,
      own,
      own,
      ...named,
      () => `${this.#whole(scope, depth - 1)}["customerId"]`,
      () => `${this.#whole(scope, depth - 1)}.id`,
      () => `(${this.#whole(scope, depth - 1)}.coupon ?? "n")`,
      () => `(${this.#whole(scope, depth - 1)}.tags[0] ?? "n")`,
      () => `${this.#whole(scope, depth - 1)}.address.city`,
      () => `(${this.#text(scope, depth - 1)} as string)`,
      () => `(() => ${this.#text(scope, depth - 1)})()`,
      () => `same(${this.#text(scope, depth - 1)})`,
      () => `{ k: ${this.#text(scope, depth - 1)} }.k`.replace(/^\{(.*)\}\.k$/, "({$1}).k"),
      () => '"l"',
      ...askers.map((fn) => () => `${fn}(${this.#whole(scope, depth - 1)})`),
      ...changeable.texts.map((name) => () => `(${name} = ${this.#text(scope, depth - 1)})`),
    ])();
  }

  #withWhole(scope: Scope, name: string, isChangeable: boolean): Scope {
    const { changeable } = scope;
    return {
      ...scope,
      wholes: [...scope.wholes, name],
      changeable: isChangeable
        ? { ...changeable, wholes: [...changeable.wholes, name] }
        : changeable,
    };
  }

  #withText(scope: Scope, name: string, isChangeable: boolean): Scope {
    const { changeable } = scope;
    return {
      ...scope,
      texts: [...scope.texts, name],
      changeable: isChangeable ? { ...changeable, texts: [...changeable.texts, name] } : changeable,
    };
  }
}
