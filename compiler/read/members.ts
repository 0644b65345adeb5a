import {
  type InterfaceDeclaration,
  Node,
  type PropertySignature,
  type TypeLiteralNode,
} from "ts-morph";
import { computedField, indexBesideFields, methodInRecord } from "../diagnostics/records.ts";
import { classInRecord, openType } from "../diagnostics/values.ts";
import { docOf } from "./doc.ts";
import { propertyName } from "./literal.ts";
import type { Reading } from "./reading.ts";
import { type Bindings, bind, type Resolved, resolve, type Written } from "./resolve.ts";

/** A property of a record, before its type is read. */
export interface Member {
  readonly name: string;
  readonly type: Written;
  readonly optional: boolean;
  readonly node: PropertySignature;
  readonly doc: string | undefined;
}

export interface Members {
  readonly list: readonly Member[];
  /** The argument of the nearest `Schema<…>`. */
  readonly schema: Written | undefined;
}

interface Asked {
  readonly subject: string;
  /** The types whose properties are being listed. */
  readonly inside: readonly Node[];
}

const none: Members = { list: [], schema: undefined };

/**
 * The properties of a type, those of its bases first; a property that is declared again keeps its
 * place and changes its type. `undefined` where the type has no properties that can be listed.
 */
export function readMembers(
  reading: Reading,
  type: Resolved,
  subject: string,
  within: readonly Node[] = [],
): Members | undefined {
  // A type that extends itself, which TypeScript refuses, has no properties of its own twice.
  if (within.includes(type.node)) return none;
  const inside = [...within, type.node];
  switch (type.kind) {
    case "interface":
      return membersOfInterface(reading, type, { subject, inside });
    case "global":
      return membersOfGlobal(reading, type, { subject, inside });
    case "library":
      return type.name === "Schema" ? { list: [], schema: type.arguments[0] } : undefined;
    case "class":
      reading.report(classInRecord(type.declaration.getName(), subject, reading.place(type.place)));
      return undefined;
    case "syntax":
      return membersOfSyntax(reading, type, { subject, inside });
    default:
      return undefined;
  }
}

function membersOfSyntax(
  reading: Reading,
  { node, bound }: Resolved,
  { subject, inside }: Asked,
): Members | undefined {
  if (Node.isTypeLiteral(node))
    return { list: own(reading, node, bound, subject), schema: undefined };
  if (!Node.isIntersectionTypeNode(node)) return undefined;
  const parts = node.getTypeNodes().map((part) => {
    return readMembers(reading, resolve(reading, { node: part, bound }), subject, inside);
  });
  return parts.every((part) => part !== undefined) ? parts.reduce(merge, none) : undefined;
}

function membersOfInterface(
  reading: Reading,
  type: Resolved & { kind: "interface" },
  { subject, inside }: Asked,
): Members | undefined {
  let result = none;
  for (const declaration of declarationsOf(type.declaration)) {
    const bound = bind(declaration, type.arguments);
    for (const base of declaration.getExtends()) {
      const target = resolve(reading, { node: base, bound });
      const members = readMembers(reading, target, subject, inside);
      if (members === undefined) {
        if (target.kind !== "unresolved" && target.kind !== "class") {
          reading.report(openType(base.getText(), subject, reading.place(base)));
        }
        return undefined;
      }
      result = merge(result, members);
    }
    result = merge(result, { list: own(reading, declaration, bound, subject), schema: undefined });
  }
  return result;
}

/** An interface may be declared in several places; TypeScript merges them. */
const declarationsOf = (declaration: InterfaceDeclaration): readonly InterfaceDeclaration[] =>
  declaration.getSymbol()?.getDeclarations().filter(Node.isInterfaceDeclaration) ?? [declaration];

function own(
  reading: Reading,
  node: InterfaceDeclaration | TypeLiteralNode,
  bound: Bindings,
  subject: string,
): readonly Member[] {
  const list: Member[] = [];
  for (const member of node.getMembers()) {
    if (!Node.isPropertySignature(member)) {
      const span = reading.place(member);
      reading.report(
        Node.isIndexSignatureDeclaration(member)
          ? indexBesideFields(subject, span)
          : methodInRecord(member.getText(), subject, span),
      );
      continue;
    }
    const name = propertyName(member.getNameNode());
    const type = member.getTypeNode();
    if (name === undefined || type === undefined) {
      reading.report(computedField(member.getName(), subject, reading.place(member.getNameNode())));
      continue;
    }
    list.push({
      name,
      type: { node: type, bound },
      optional: member.hasQuestionToken(),
      node: member,
      doc: docOf(member),
    });
  }
  return list;
}

function merge(base: Members, derived: Members): Members {
  const byName = new Map(base.list.map((member) => [member.name, member]));
  for (const member of derived.list) byName.set(member.name, member);
  return { list: [...byName.values()], schema: derived.schema ?? base.schema };
}

function membersOfGlobal(
  reading: Reading,
  type: Resolved & { kind: "global" },
  { subject, inside }: Asked,
): Members | undefined {
  const [first, second] = type.arguments;
  if (first === undefined || !recordTransforms.has(type.name)) return undefined;
  const members = readMembers(reading, resolve(reading, first), subject, inside);
  if (members === undefined) return undefined;
  const keys = second === undefined ? [] : keysIn(reading, second);
  if (keys === undefined) return undefined;
  // The result is another record, so the first one's name is not its own.
  return { list: transform(type.name, members.list, keys), schema: undefined };
}

/** TypeScript's own types that make one record of another. */
export const recordTransforms: ReadonlySet<string> = new Set([
  "Pick",
  "Omit",
  "Partial",
  "Required",
  "Readonly",
]);

function transform(
  name: string,
  members: readonly Member[],
  keys: readonly string[],
): readonly Member[] {
  switch (name) {
    case "Pick":
      return members.filter((member) => keys.includes(member.name));
    case "Omit":
      return members.filter((member) => !keys.includes(member.name));
    case "Partial":
      return members.map((member) => ({ ...member, optional: true }));
    case "Required":
      return members.map((member) => ({ ...member, optional: false }));
    default:
      return members;
  }
}

/** The names in `"a" | "b"`; `undefined` where they are worked out. */
function keysIn(reading: Reading, written: Written): readonly string[] | undefined {
  const { node, bound, kind } = resolve(reading, written);
  if (kind !== "syntax") return undefined;
  if (Node.isUnionTypeNode(node)) {
    const keys = node.getTypeNodes().map((part) => keysIn(reading, { node: part, bound }));
    return keys.every((key) => key !== undefined) ? keys.flat() : undefined;
  }
  const literal = Node.isLiteralTypeNode(node) ? node.getLiteral() : undefined;
  return Node.isStringLiteral(literal) ? [literal.getLiteralValue()] : undefined;
}
