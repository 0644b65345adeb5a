import {
  broken,
  group,
  indent,
  type Layout,
  line,
  type Place,
  print,
  softLine,
  trailingComma,
} from "./layout.ts";

/**
 * Code that may be put into a generated file. Only this file makes it: of identifiers, literals, doc
 * comments, and of templates whose slots are code themselves. User text thus never becomes code; a
 * plain string in a slot does not compile.
 */
class Finished {
  readonly #layout: Layout;
  /** An object or list: as a sole argument it begins on the line of its call. */
  readonly #isHugged: boolean;

  constructor(layout: Layout, isHugged = false) {
    this.#layout = layout;
    this.#isHugged = isHugged;
  }

  static layout(code: Finished): Layout {
    return code.#layout;
  }

  static isHugged(code: Finished): boolean {
    return code.#isHugged;
  }
}
export type Code = Finished;

const layoutOf = (code: Code): Layout => Finished.layout(code);

/** Joins finished code with the fixed text between. */
export function code(parts: TemplateStringsArray, ...slots: readonly Code[]): Code {
  return new Finished(
    parts.map((part, index) => {
      const slot = slots[index];
      return slot === undefined ? part : [part, layoutOf(slot)];
    }),
  );
}

/** Nothing at all. */
export const nothing: Code = new Finished("");

/** Whether a value is code; for filling templates. */
export const isCode = (value: unknown): value is Code => value instanceof Finished;

/** Whether code uses a name. It may say yes where the name stands in text only. */
export function mentions(value: Code, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(flatText(value));
}

/** The text of code as if lines had no end. */
const flatText = (value: Code): string =>
  print(layoutOf(value), { column: Number.NEGATIVE_INFINITY, indentation: 0, reserved: 0 });

/** The text of code that begins at `place`. */
export const printCode = (value: Code, place: Place): string => print(layoutOf(value), place);

// ---- doors from text ----

const identifier: RegExp = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const reserved: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null
  package private protected public return static super switch this throw true try typeof undefined
  var void while with yield any bigint boolean never number object string symbol unknown`.split(
    /\s+/,
  ),
);

/** Whether `name` may name a constant or a parameter. */
export const isIdentifier = (name: string): boolean => identifier.test(name) && !reserved.has(name);

/** A name of a constant, function or type. Throws, because `check` has refused what is none. */
export function ident(name: string): Code {
  if (!isIdentifier(name)) throw new Error(`SG9001: not an identifier: ${JSON.stringify(name)}`);
  return new Finished(name);
}

/** A text literal in double quotes. */
export const literal = (text: string): Code => new Finished(quote(text));

/** In the quotes that need fewer escapes, double ones where it makes no difference. */
function quote(text: string): string {
  // JSON leaves some characters as they are that end lines or are not seen; and text in quotes that
  // looks like a template's slot is taken for a mistake.
  const inside = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped)
    .replaceAll("${", `${escaped("$")}{`);
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return `"${inside}"`;
  return `'${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A number; whole ones of five digits and more with separators. */
export function numberLiteral(value: number): Code {
  if (!Number.isFinite(value)) throw new Error(`SG9002: no literal for ${value}`);
  const text = String(value).replace("e+", "e");
  const isLong = Number.isSafeInteger(value) && Math.abs(value) >= 10_000;
  return new Finished(isLong ? text.replaceAll(/\B(?=(\d{3})+$)/g, "_") : text);
}

/** `1n`. */
export const bigintLiteral = (value: bigint): Code => new Finished(`${value}n`);

/** A property's name in an object literal or type, quoted where it must be. */
export function propertyName(name: string): Code {
  if (isPlainProperty(name)) return new Finished(name);
  // A plain `__proto__` would set the prototype; a computed one is a property like any other.
  return new Finished(name === "__proto__" ? '["__proto__"]' : quote(name));
}

const isPlainProperty = (name: string): boolean => identifier.test(name) && name !== "__proto__";

/** `.name`, or `["name"]` where it must be. */
export const member = (name: string): Code =>
  new Finished(isPlainProperty(name) ? `.${name}` : `[${quote(name)}]`);

/** A doc comment, on one line if it has one. */
export function doc(text: string): Code {
  const lines = text
    .replaceAll("*/", "*\\/")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((each) => each.replaceAll(/[\p{Cc}\ufeff]/gu, "").trim());
  const short = lines.length === 1 ? `/** ${lines[0]} */` : "";
  if (short !== "" && short.length <= 100) return new Finished(short);
  const body = lines.flatMap((each) => [softLine, each === "" ? " *" : ` * ${each}`]);
  return new Finished(broken(["/**", body, softLine, " */"]));
}

/** The rest of a line comment. Line breaks in it become spaces. */
export const comment = (text: string): Code =>
  new Finished(text.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]+/gu, " ").trim());

// ---- shapes ----

const commaList = (items: readonly Code[]): Layout =>
  items.map((item, index) => (index === 0 ? layoutOf(item) : [",", line, layoutOf(item)]));

const enclosed = (open: string, items: readonly Code[], close: string, pad: Layout): Layout =>
  items.length === 0
    ? open + close
    : [open, indent([pad, commaList(items)]), trailingComma, pad, close];

/** `{ a, b: 1 }`, on one line if it fits. */
export const object = (entries: readonly Code[]): Code =>
  new Finished(group(enclosed("{", entries, "}", line)), true);

/** An object literal with an entry a line, whatever their length. */
export const tallObject = (entries: readonly Code[]): Code =>
  entries.length === 0 ? object([]) : new Finished(broken(enclosed("{", entries, "}", line)), true);

/** `[a, b]`, on one line if it fits. */
export const array = (items: readonly Code[]): Code =>
  new Finished(group(enclosed("[", items, "]", softLine)), true);

/** `f(a, b)`. */
export function call(callee: Code, parameters: readonly Code[]): Code {
  const [only] = parameters;
  const inside =
    parameters.length === 1 && only !== undefined && Finished.isHugged(only)
      ? ["(", layoutOf(only), ")"]
      : group(enclosed("(", parameters, ")", softLine));
  return new Finished([layoutOf(callee), inside]);
}

/**
 * `left right`, where `left` ends in `=` or `:`. What has no good place to break inside moves to a line
 * of its own when it does not fit: names, calls of at most one short argument, text behind a long name.
 */
export function assignment(left: Code, right: Code): Code {
  const text = flatText(right);
  const isName =
    /^[\w$.]+(?:\["[^"]*"\])?(?:\([\w$]{0,25}\))?$/.test(text) || text === "{}" || text === "[]";
  const isText = /^["']/.test(text);
  if (isText && flatText(left).length <= shortKeyLength) return code`${left} ${right}`;
  if (isName || isText) return hang(left, right);
  return new Finished([layoutOf(left), { kind: "fluid", content: layoutOf(right) }]);
}

/** Text behind a name as short as `doc:` or `name:` gains nothing on a line of its own. */
const shortKeyLength = 5;

/** `{ a; b }` of a type, on one line if it fits. */
export const typeLiteral = (members: readonly Code[]): Code =>
  new Finished(
    group([
      "{",
      indent([
        line,
        members.map((each, index) => (index === 0 ? layoutOf(each) : [";", line, layoutOf(each)])),
      ]),
      { kind: "broken", text: ";" },
      line,
      "}",
    ]),
  );

/** `(a) => a.b`; a body that does not fit begins on a line of its own. */
export const arrow = (head: Code, body: Code): Code => hang(code`${head} =>`, body);

/** `left` and then `right`, which moves to a line of its own where both do not fit. */
export const hang = (left: Code, right: Code): Code =>
  new Finished(group([layoutOf(left), indent([line, layoutOf(right)])]));

/** `test ? yes : no`, on one line if it fits. */
export const choice = (test: Code, yes: Code, no: Code): Code =>
  new Finished(
    group([
      layoutOf(test),
      indent([line, "? ", indent(layoutOf(yes)), line, ": ", indent(layoutOf(no))]),
    ]),
  );

/** `type name = A | B;`, with a member a line if they do not fit on one. */
export const unionType = (name: Code, members: readonly Code[]): Code =>
  new Finished(
    group([
      "type ",
      layoutOf(name),
      " =",
      indent([
        line,
        { kind: "broken", text: "| " },
        members.map((each, index) => (index === 0 ? layoutOf(each) : [line, "| ", layoutOf(each)])),
      ]),
      ";",
    ]),
  );

/** `[` items `]`, each on a line of its own, as objects of several members are laid out. */
export const tallArray = (items: readonly Code[]): Code =>
  new Finished(items.length === 0 ? "[]" : broken(enclosed("[", items, "]", softLine)));

/** `if (test) then`, where `then` moves to a line of its own if it does not fit. */
export const when = (test: Code, then: Code): Code =>
  new Finished(
    group([
      "if (",
      group([indent([softLine, layoutOf(test)]), softLine]),
      ")",
      indent([line, layoutOf(then)]),
    ]),
  );

/** Each on a line of its own. */
export const lines = (items: readonly Code[]): Code =>
  new Finished(
    broken(items.map((item, index) => (index === 0 ? layoutOf(item) : [softLine, layoutOf(item)]))),
  );

/** A statement's block, indented: `head {`, the statements, `}`. */
export const block = (head: Code, statements: readonly Code[]): Code =>
  new Finished(
    statements.length === 0
      ? [layoutOf(head), " {}"]
      : [
          layoutOf(head),
          " {",
          broken(indent(statements.map((each) => [softLine, layoutOf(each)]))),
          broken([softLine, "}"]),
        ],
  );

/** A label, such as a `switch` has, and its statements under it. */
export const clause = (label: Code, statements: readonly Code[]): Code =>
  new Finished([
    layoutOf(label),
    broken(indent(statements.map((each) => [softLine, layoutOf(each)]))),
  ]);

/** Items with `separator` between. */
export const join = (items: readonly Code[], separator: Code): Code =>
  new Finished(
    items.map((item, index) =>
      index === 0 ? layoutOf(item) : [layoutOf(separator), layoutOf(item)],
    ),
  );
