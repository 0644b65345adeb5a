/** SG1: what the reader of sources meets before it knows what is meant. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { nearest } from "./nearest.ts";
import { error } from "./report.ts";

/** SG1001: TypeScript cannot parse a file. */
export const syntaxError = (message: string, span: Span): Diagnostic =>
  error({
    code: "SG1001",
    span,
    message: `this is not TypeScript: ${message.replace(/\.$/, "")}`,
    fix: "correct the syntax; nothing else in this file is judged before that",
  });

/** SG1002: a type's name means nothing. */
export function unknownType(
  name: string,
  span: Span,
  from?: { readonly module: string; readonly exported: readonly string[] },
): Diagnostic {
  const guess = from && nearest(name, from.exported);
  return error({
    code: "SG1002",
    span,
    message:
      from === undefined
        ? `there is no type "${name}" here`
        : `"${from.module}" exports no "${name}"`,
    fix: guess === undefined ? `declare or import "${name}"` : `write "${guess}"`,
  });
}

/** SG1003: an import leads nowhere. */
export const unknownModule = (specifier: string, span: Span): Diagnostic =>
  error({
    code: "SG1003",
    span,
    message: `there is no module "${specifier}"`,
    fix: moduleFix(specifier),
  });

/** Nobody is told to install a package whose name is a mistyped "streamgen". */
function moduleFix(specifier: string): string {
  if (specifier.startsWith(".")) return "correct the path of the import";
  const guess = nearest(specifier, ["streamgen", "streamgen/config"], 2);
  return guess === undefined ? `install it: npm install ${specifier}` : `write "${guess}"`;
}

/** SG1004: "streamgen" has no such name, or not yet. */
export function notInLanguage(name: string, exported: readonly string[], span: Span): Diagnostic {
  const guess = nearest(name, exported);
  return error({
    code: "SG1004",
    span,
    message: `"streamgen" exports no "${name}"`,
    fix:
      guess === undefined
        ? `remove "${name}": this version of streamgen does not have it`
        : `write "${guess}"`,
  });
}

/** SG1005: nothing to read. */
export const noSources = (include: readonly string[]): Diagnostic =>
  error({
    code: "SG1005",
    span: undefined,
    message: `no file matches ${include.map((glob) => `"${glob}"`).join(", ")}`,
    fix: 'write agents into "src", or set "include" in streamgen.config.ts',
  });

/** SG1006: an agent without a name. */
export const agentDefault = (span: Span): Diagnostic =>
  error({
    code: "SG1006",
    span,
    message: "an agent is the default export, but agents are known by their names",
    fix: "export it by name: export function handle(…)",
  });

/** SG1007: an agent with overloads. */
export const agentOverloaded = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG1007",
    span,
    message: `agent "${name}" has overloads, but it is only ever called in one way`,
    fix: "leave the signature that the trigger needs, and remove the others",
  });

/** SG1008: an agent with type parameters. */
export const agentGeneric = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG1008",
    span,
    message: `agent "${name}" has a type parameter, but nobody gives it an argument`,
    fix: "name the topic's types in the signature, and move what is generic into a function it calls",
  });

/** SG1009: a parameter that may be left out, or that stands for several. */
export const parameterNotPlain = (agent: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG1009",
    span,
    message: `parameter "${parameter}" of agent "${agent}" is optional, has a default or is a rest parameter, but each parameter is given exactly one thing`,
    fix: "write it without `?`, `=` and `...`",
  });

/** SG1010: a trigger in a class, an object or a namespace. */
export const agentHidden = (trigger: string, span: Span): Diagnostic =>
  error({
    code: "SG1010",
    span,
    message: `a method or nested function takes "${trigger}", but only exported functions are run`,
    fix: "make it an exported function of the module",
  });

/** SG1011: a function that looks like an agent and is none. */
export const agentNotExported = (name: string, trigger: string, span: Span): Diagnostic =>
  error({
    code: "SG1011",
    span,
    message: `"${name}" takes "${trigger}" like an agent, but it is not exported, so nothing runs it`,
    fix: `write "export", or take the plain value if it is called by other functions`,
  });

/** SG1012: the trigger is in the type of the constant, not in the function. */
export const agentInType = (name: string, trigger: string, span: Span): Diagnostic =>
  error({
    code: "SG1012",
    span,
    message: `"${name}" has its trigger "${trigger}" in the type of the constant, not in its own parameters`,
    fix: "write the types at the function's parameters",
  });

/** SG1013: a trigger in the wrong place of a signature. */
export const triggerNotFirst = (name: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG1013",
    span,
    message: `the trigger "${parameter}" of "${name}" is not its first parameter`,
    fix: `move "${parameter}" to the front`,
  });

/** SG1014: a trigger that is part of another type. */
export const triggerWrapped = (name: string, type: string, span: Span): Diagnostic =>
  error({
    code: "SG1014",
    span,
    message: `the first parameter of "${name}" has a trigger inside of "${type}", where it triggers nothing`,
    fix: "write the trigger by itself, or the plain value if this is no agent",
  });

/** SG1015: `typeof x` where x is no function that can be imported. */
export const notAFunction = (text: string, span: Span): Diagnostic =>
  error({
    code: "SG1015",
    span,
    message: `"${text}" does not name a function`,
    fix: 'write "typeof" and the name of an exported function',
  });

/** SG1016: generated code cannot import the function. */
export const functionNotExported = (name: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG1016",
    span,
    message: `function "${name}" is used by the pipeline, but it is not exported`,
    related: [{ message: `${name} is declared here`, span: declared }],
    fix: `write "export" before "${name}"`,
  });

/** SG1017: the type of a key is left to inference. */
export const unwrittenReturn = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG1017",
    span,
    message: `function "${name}" gives a key, but its return type is not written`,
    fix: `write the key's type: ${name}(…): string`,
  });

/** SG1018: a name of the language that is not imported. */
export const notImported = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG1018",
    span,
    message: `"${name}" is used, but it is not imported`,
    fix: `add ${name} to the names imported from streamgen`,
  });

/** SG1019: a trigger or a resource that does not say of what. */
export const argumentMissing = (agent: string, name: string, span: Span): Diagnostic =>
  error({
    code: "SG1019",
    span,
    message: `agent "${agent}" has "${name}" without its type arguments, which say what is meant`,
    fix: `write them: ${examples[name] ?? `${name}<Orders>`}`,
  });

/** How those are written that are not about a topic alone. */
const examples: Partial<Record<string, string>> = {
  Ask: "Ask<Question>",
  Batch: 'Batch<Orders, { max: 100; within: "1s" }>',
  Change: "Change<Totals>",
  Client: "Client<typeof price>",
  Closed: "Closed<Totals>",
  Cron: 'Cron<"0 3 * * *">',
  Delete: 'Delete<"/orders/:id">',
  Every: 'Every<"30s">',
  Get: 'Get<"/orders/:id">',
  Join: 'Join<Orders, Payments, { within: "1m"; grace: "10s" }>',
  LiveCheck: 'LiveCheck<"30s">',
  Lookup: "Lookup<Totals>",
  On: 'On<"assigned">',
  Patch: 'Patch<"/orders/:id", Change>',
  Post: 'Post<"/orders", Order>',
  Put: 'Put<"/orders/:id", Order>',
  Resource: "Resource<typeof openClient>",
  SetTable: 'SetTable<"tags", { key: string; element: string }>',
  Table: 'Table<"totals", { key: string; value: Total }>',
  View: "View<Totals>",
};
