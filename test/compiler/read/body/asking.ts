/** Opens the cases as the compiler sees them, and asks about their functions. */
import path from "node:path";
import { Node, Project } from "ts-morph";
import type { Span } from "../../../../compiler/model/span.ts";
import type { BodyModel, ResourceModel } from "../../../../compiler/model/topology.ts";
import {
  type AgentFunction,
  analyseBody,
  type BodyQuestion,
  type StreamKey,
} from "../../../../compiler/read/body/body.ts";

const root = path.join(import.meta.dirname, "../../../..");
const nowhere: Span = { file: "", start: 0, end: 0, line: 0, column: 0 };

/** The files of cases. */
export const files: readonly string[] = [
  "reads",
  "keys",
  "changes",
  "attacks",
  "ways-in",
  "wrong-keys",
  "changed-parts",
  "streams",
  "windows",
];

/** The cases' settings, without their files. */
export function openProject(): Project {
  return new Project({
    tsConfigFilePath: path.join(import.meta.dirname, "cases/tsconfig.json"),
    skipAddingFilesFromTsConfig: true,
  });
}

export function spanOf(node: Node): Span {
  const file = node.getSourceFile();
  const { line, column } = file.getLineAndColumnAtPos(node.getStart());
  const name = path.relative(root, file.getFilePath());
  return { file: name, start: node.getStart(), end: node.getEnd(), line, column };
}

/** What the types of a case's parameters say, read from their names. */
export function ask(fn: AgentFunction, key: StreamKey): BodyModel {
  const [first, ...rest] = fn.getParameters();
  return analyseBody(fn, {
    trigger: triggerOf(first?.getTypeNode()?.getText() ?? ""),
    key,
    resources: rest.map((each) => resourceOf(each.getTypeNode()?.getText() ?? "", each.getName())),
    spanOf,
  });
}

function triggerOf(type: string): BodyQuestion["trigger"] {
  if (type.startsWith("Each<")) return "value";
  if (type.startsWith("Event<")) return "event";
  if (type.startsWith("Batch<")) return type.includes("events: true") ? "events" : "batch";
  return type.startsWith("Stream<") ? "stream" : "other";
}

function resourceOf(type: string, parameter: string): ResourceModel {
  if (type === "Counts" || type === "Kept" || type === "Recent") {
    return { kind: "table", parameter, table: type.toLowerCase(), span: nowhere };
  }
  if (type.startsWith("Lookup<")) {
    return { kind: "lookup", parameter, table: "counts", span: nowhere };
  }
  if (type.startsWith("View<")) return { kind: "view", parameter, table: "counts", span: nowhere };
  if (type.startsWith("Sink<")) return { kind: "sink", parameter, topic: "copy", span: nowhere };
  if (type === "Context") return { kind: "context", parameter, span: nowhere };
  throw new Error(`a case has a parameter of type ${type}`);
}

/** A function among the cases, and what the comment above it says must come out. */
export interface Case {
  readonly file: string;
  readonly name: string;
  readonly fn: AgentFunction;
  /** Fields | keys | changed or not | input when it is given back, and how the stream is keyed. */
  readonly expected: readonly string[];
}

export function casesOf(project: Project, files: readonly string[]): readonly Case[] {
  return files.flatMap((name) => {
    const file = project.addSourceFileAtPath(path.join(import.meta.dirname, "cases", `${name}.ts`));
    return file.getStatements().flatMap((statement): Case[] => {
      if (!Node.isJSDocable(statement)) return [];
      const expected = statement.getJsDocs().at(-1)?.getCommentText()?.split("|") ?? [];
      const fn = agentIn(statement);
      if (fn === undefined || expected.length < 4) return [];
      const trimmed = expected.map((column) => column.replace(/\s+/g, " ").trim());
      return [{ file: name, name: fn.name, fn: fn.fn, expected: trimmed }];
    });
  });
}

function agentIn(statement: Node): { name: string; fn: AgentFunction } | undefined {
  if (Node.isFunctionDeclaration(statement)) {
    return { name: statement.getName() ?? "", fn: statement };
  }
  if (!Node.isVariableStatement(statement)) return undefined;
  const [declaration] = statement.getDeclarations();
  const fn = declaration?.getInitializer();
  return declaration !== undefined && (Node.isArrowFunction(fn) || Node.isFunctionExpression(fn))
    ? { name: declaration.getName(), fn }
    : undefined;
}

/** How the stream of a case is keyed: by `customerId`, unless a last column says `by area`. */
export function keyOfCase({ expected, fn }: Case): StreamKey {
  const by = expected[4]?.replace(/^by /, "");
  if (by === undefined) return { kind: "field", field: "customerId" };
  if (by === "unknown") return { kind: "unknown" };
  const file = fn.getSourceFile();
  const declaration =
    file.getFunction(by) ??
    file.getVariableDeclaration(by) ??
    file
      .getImportDeclarations()
      .flatMap((each) => each.getNamedImports())
      .find((each) => each.getName() === by)
      ?.getNameNode()
      .getSymbol()
      ?.getAliasedSymbol()
      ?.getValueDeclaration();
  if (declaration === undefined) throw new Error(`no function ${by} in ${file.getBaseName()}`);
  return { kind: "function", declaration };
}

/** The same columns as a case's comment has. */
export function columnsOf(body: BodyModel): readonly string[] {
  const keys = body.accesses.map(({ key }) =>
    key.kind === "field" ? `field ${key.field}` : key.kind,
  );
  const distinct = [...new Set(keys)].sort();
  return [
    body.reads === "all" ? "all" : body.reads.join(",") || "-",
    distinct.join(",") || "-",
    body.changesBecause === undefined ? "unchanged" : "changed",
    body.returnsInput ? "input" : "-",
  ];
}
