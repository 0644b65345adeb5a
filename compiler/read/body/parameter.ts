import type { Node, ParameterDeclaration, Type } from "ts-morph";
import type { BodyQuestion } from "./question.ts";

/** The value's type as the checker knows it, from what the first parameter lets a function have. */
export function valueType(
  first: ParameterDeclaration,
  trigger: BodyQuestion["trigger"],
): Type | undefined {
  switch (trigger) {
    case "value":
      return first.getType();
    case "event":
      return propertyType(first.getType(), "value", first);
    case "stream":
      return streamed(first, "peek");
    case "batch":
      return first.getType().getArrayElementType();
    case "events":
      return propertyType(first.getType().getArrayElementType(), "value", first);
    case "left":
      return elementOf(first.getType(), 0);
    case "right":
      return elementOf(first.getType(), 1);
    case "other":
      return undefined;
  }
}

/** The type of the key that an event carries. */
export function keyType(
  first: ParameterDeclaration,
  trigger: BodyQuestion["trigger"],
): Type | undefined {
  if (trigger === "event") return propertyType(first.getType(), "key", first);
  return trigger === "events"
    ? propertyType(first.getType().getArrayElementType(), "key", first)
    : undefined;
}

/** What a pair has at one of its places, in one of the forms that it may have. */
function elementOf(pair: Type, index: 0 | 1): Type | undefined {
  const forms = pair.isUnion() ? pair.getUnionTypes() : [pair];
  return forms
    .map((form) => form.getTupleElements()[index])
    .find((element) => element !== undefined && !element.isUndefined());
}

function propertyType(type: Type | undefined, name: string, at: Node): Type | undefined {
  return type?.getProperty(name)?.getTypeAtLocation(at);
}

/** What a stream's operator hands its callback. */
function streamed(first: ParameterDeclaration, operator: string): Type | undefined {
  const [callback] = parameterTypes(propertyType(first.getType(), operator, first), first);
  return parameterTypes(callback, first)[0];
}

function parameterTypes(type: Type | undefined, at: Node): readonly Type[] {
  const [signature] = type?.getCallSignatures() ?? [];
  return signature?.getParameters().map((each) => each.getTypeAtLocation(at)) ?? [];
}
