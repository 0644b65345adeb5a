import type { Node, Type } from "ts-morph";

/**
 * What the checker says about a part of the value as it was declared, never as a cast claims. A
 * list because a union has several; `undefined` when it is not known, which counts as the worst.
 */
export type Shape = readonly Type[] | undefined;

/** The shape that a declared type stands for. Null and undefined are left out. */
export function shapeOf(type: Type | undefined): Shape {
  if (type === undefined || type.isAny() || type.isUnknown() || type.isTypeParameter()) {
    return undefined;
  }
  const parts = type.isUnion() && !type.isBoolean() ? type.getUnionTypes() : [type];
  return parts.filter((part) => !part.isNull() && !part.isUndefined());
}

/** Whether nothing that such a value holds can be changed. */
export function isPrimitive(shape: Shape): boolean {
  return shape?.every(isPrimitiveType) ?? false;
}

function isPrimitiveType(type: Type): boolean {
  // A tagged scalar is an intersection of its base type and an object that only the checker sees.
  if (type.isIntersection()) return type.getIntersectionTypes().some(isPrimitiveType);
  if (type.isUnion()) return type.getUnionTypes().every(isPrimitiveType);
  return (
    type.isString() ||
    type.isNumber() ||
    type.isBoolean() ||
    type.isBigInt() ||
    type.isLiteral() ||
    type.isEnumLiteral() ||
    type.isTemplateLiteral() ||
    type.isNull() ||
    type.isUndefined()
  );
}

/** The shape of a field; `"absent"` when no user's declaration has it. */
export function fieldShape(shape: Shape, name: string, at: Node): Shape | "absent" {
  if (shape === undefined) return undefined;
  const found = shape.flatMap((type) => {
    const property = type.getProperty(name);
    if (property === undefined) return [];
    const declarations = property.getDeclarations();
    const builtIn = declarations.some((declaration) => isBuiltIn(declaration));
    return builtIn ? [] : [property.getTypeAtLocation(at)];
  });
  if (found.length === 0) return "absent";
  const shapes = found.map(shapeOf);
  return shapes.some((each) => each === undefined) ? undefined : shapes.flatMap((s) => s ?? []);
}

/** The shape of what an array or a map holds; undefined when that is not known. */
export function elementShape(shape: Shape): Shape {
  const shapes = shape?.map((type) => {
    if (isOpaqueType(type)) return [];
    return shapeOf(type.getArrayElementType() ?? type.getStringIndexType());
  });
  if (shapes === undefined || shapes.some((each) => each === undefined)) return undefined;
  return shapes.flatMap((each) => each ?? []);
}

/** The names of a record's fields that can be changed from within; undefined when not known. */
export function changeableFields(shape: Shape, at: Node): readonly string[] | undefined {
  if (shape === undefined || !shape.every(isRecord)) return undefined;
  const names = shape.flatMap((type) => type.getProperties().map((each) => each.getName()));
  return [...new Set(names)].filter((name) => {
    const field = fieldShape(shape, name, at);
    return field === "absent" || !isPrimitive(field);
  });
}

/** Whether the value is a record: something with declared fields, and nothing else. */
export function isRecord(type: Type): boolean {
  return (
    type.isObject() &&
    !isPrimitiveType(type) &&
    type.getStringIndexType() === undefined &&
    type.getNumberIndexType() === undefined &&
    type.getCallSignatures().length === 0 &&
    !(type.getSymbol()?.getDeclarations().some(isBuiltIn) ?? false)
  );
}

/** Dates and bytes: objects that hold no other, but can be changed themselves. */
export function isOpaque(shape: Shape): boolean {
  return shape?.some(isOpaqueType) ?? false;
}

function isOpaqueType(type: Type): boolean {
  const symbol = type.getSymbol();
  return (
    (symbol?.getName() === "Date" || symbol?.getName() === "Uint8Array") &&
    symbol.getDeclarations().some(isBuiltIn)
  );
}

/** Whether a declaration belongs to the language's or the platform's own library. */
export function isBuiltIn(declaration: Node): boolean {
  const file = declaration.getSourceFile();
  return (
    file.isDeclarationFile() &&
    /\/node_modules\/(typescript\/lib|@types\/node)\//.test(file.getFilePath())
  );
}
