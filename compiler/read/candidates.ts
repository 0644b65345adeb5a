import {
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  Node,
  type ParameterDeclaration,
  type SourceFile,
} from "ts-morph";
import {
  agentHidden,
  agentInType,
  agentNotExported,
  triggerNotFirst,
  triggerWrapped,
} from "../diagnostics/reading.ts";
import type { AgentFunction } from "./body/body.ts";
import { docOf } from "./doc.ts";
import { exportsOf } from "./exports.ts";
import type { Reading } from "./reading.ts";
import { isReference, noBindings, type Resolved, resolveQuietly } from "./resolve.ts";
import { through } from "./symbol.ts";

/** A function that has a trigger, where generated code can reach it. */
export interface Candidate {
  /** The name under which its module exports it; "default" is refused later. */
  readonly name: string;
  readonly fn: AgentFunction;
  readonly nameNode: Node;
  readonly doc: string | undefined;
  readonly trigger: Resolved & { kind: "library" };
}

const triggers: ReadonlySet<string> = new Set([
  "Each",
  "Event",
  "Stream",
  "Batch",
  "Join",
  "Closed",
  "Change",
  "Every",
  "Cron",
  "On",
  "Command",
  "Ask",
  "LiveCheck",
  "Get",
  "Post",
  "Put",
  "Patch",
  "Delete",
  "OnStart",
]);

/** What a parameter's type means, if it is a trigger. */
export function triggerOf(
  reading: Reading,
  parameter: ParameterDeclaration | undefined,
): (Resolved & { kind: "library" }) | undefined {
  const node = parameter?.getTypeNode();
  if (node === undefined) return undefined;
  const type = resolveQuietly(reading, { node, bound: noBindings });
  return type.kind === "library" && triggers.has(type.name) ? type : undefined;
}

interface Named {
  readonly fn: AgentFunction;
  readonly nameNode: Node;
  /** What an export symbol points to. */
  readonly declaration: Node;
  readonly doc: string | undefined;
}

/** The functions of a file that run when something happens; those that cannot run are reported. */
export function findCandidates(reading: Reading, file: SourceFile): readonly Candidate[] {
  const exported = exportsOf(reading, file);
  const candidates: Candidate[] = [];
  for (const named of functionsIn(reading, file)) {
    const { fn, nameNode, doc } = named;
    const [first, ...rest] = fn.getParameters();
    const trigger = triggerOf(reading, first);
    const name = exported.get(named.declaration);
    if (trigger === undefined) {
      if (name !== undefined) lookForLostTrigger(reading, nameNode, [first, ...rest]);
      continue;
    }
    if (name === undefined) {
      reading.report(agentNotExported(nameNode.getText(), trigger.name, reading.place(nameNode)));
      continue;
    }
    candidates.push({ name, fn, nameNode, doc, trigger });
  }
  return candidates;
}

/** The functions at the top of a file. Those in classes, objects and namespaces are only looked at. */
function functionsIn(reading: Reading, file: SourceFile): readonly Named[] {
  return file.getStatements().flatMap((statement): readonly Named[] => {
    if (Node.isFunctionDeclaration(statement)) {
      return statement.isImplementation() ? [namedFunction(statement)] : [];
    }
    if (Node.isVariableStatement(statement)) {
      return statement.getDeclarations().flatMap((declaration): readonly Named[] => {
        const value = declaration.getInitializer();
        const nameNode = declaration.getNameNode();
        if (isFunctionValue(value)) {
          lookIntoAnnotation(reading, declaration.getTypeNode(), nameNode);
          return [{ fn: value, nameNode, declaration, doc: docOf(statement) }];
        }
        if (value !== undefined) lookForHidden(reading, value);
        return [];
      });
    }
    if (Node.isExportAssignment(statement)) {
      const value = statement.getExpression();
      if (!isFunctionValue(value)) return [];
      return [{ fn: value, nameNode: value, declaration: statement, doc: undefined }];
    }
    if (Node.isClassDeclaration(statement) || Node.isModuleDeclaration(statement)) {
      lookForHidden(reading, statement);
    }
    return [];
  });
}

const isFunctionValue = (node: Node | undefined): node is ArrowFunction | FunctionExpression =>
  Node.isArrowFunction(node) || Node.isFunctionExpression(node);

const namedFunction = (fn: FunctionDeclaration): Named => ({
  fn,
  nameNode: fn.getNameNode() ?? fn,
  declaration: fn,
  doc: docOf(fn.getOverloads()[0] ?? fn),
});

/** `const f: (order: Each<Orders>) => void = …` keeps its trigger out of the function. */
function lookIntoAnnotation(reading: Reading, type: Node | undefined, nameNode: Node): void {
  if (!Node.isFunctionTypeNode(type)) return;
  const trigger = triggerOf(reading, type.getParameters()[0]);
  if (trigger === undefined) return;
  reading.report(agentInType(nameNode.getText(), trigger.name, reading.place(type)));
}

/** Methods and functions in namespaces are out of generated code's reach. */
function lookForHidden(reading: Reading, within: Node): void {
  within.forEachDescendant((node) => {
    const isFunction =
      Node.isMethodDeclaration(node) || Node.isFunctionDeclaration(node) || isFunctionValue(node);
    if (!isFunction) return;
    const trigger = triggerOf(reading, node.getParameters()[0]);
    if (trigger === undefined) return;
    const name = Node.hasName(node) ? node.getNameNode() : undefined;
    reading.report(agentHidden(trigger.name, reading.place(name ?? trigger.place)));
  });
}

/** An exported function without a trigger in front may have one that is not seen at once. */
function lookForLostTrigger(
  reading: Reading,
  nameNode: Node,
  parameters: readonly (ParameterDeclaration | undefined)[],
): void {
  const [first, ...rest] = parameters;
  const late = rest.find((parameter) => triggerOf(reading, parameter) !== undefined);
  if (late !== undefined) {
    reading.report(triggerNotFirst(nameNode.getText(), late.getName(), reading.place(late)));
    return;
  }
  const type = first?.getTypeNode();
  if (type === undefined) return;
  // What an alias stands for is looked at, too: a conditional type may hide the trigger there.
  const meant = resolveQuietly(reading, { node: type, bound: noBindings }).node;
  const isFunction = Node.isFunctionTypeNode(meant);
  if (isFunction || !(mentionsTrigger(reading, type) || mentionsTrigger(reading, meant))) return;
  reading.report(triggerWrapped(nameNode.getText(), type.getText(), reading.place(type)));
}

/** `Each<Orders>` inside of another type, or `Parameters<typeof agent>`; functions may well take one. */
function mentionsTrigger(reading: Reading, type: Node): boolean {
  let isFound = false;
  type.forEachDescendant((node, traversal) => {
    if (Node.isFunctionTypeNode(node)) traversal.skip();
    else if (isTriggerName(reading, node)) {
      isFound = true;
      traversal.stop();
    }
  });
  return isFound;
}

function isTriggerName(reading: Reading, node: Node): boolean {
  if (Node.isTypeQuery(node)) {
    const symbol = node.getExprName().getSymbol();
    const [fn] = symbol === undefined ? [] : through(symbol).getDeclarations();
    return (
      Node.isFunctionDeclaration(fn) && triggerOf(reading, fn.getParameters()[0]) !== undefined
    );
  }
  if (!isReference(node)) return false;
  const type = resolveQuietly(reading, { node, bound: noBindings });
  return type.kind === "library" && triggers.has(type.name);
}
