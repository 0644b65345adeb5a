import type { TypeModel } from "../../model/type.ts";
import { block, type Code, call, code, numberLiteral, when } from "../code.ts";
import { blocks, branches, presentText, readExpression, readHead } from "./read.ts";
import { smallestSize } from "./size.ts";
import { type CodecUnit, nullable } from "./unit.ts";

/**
 * The statement that walks over a value and refuses exactly what reading it would refuse; nothing for a
 * type that takes no bytes.
 */
export function skipStatement(unit: CodecUnit, type: TypeModel, place: string): Code | undefined {
  const optional = nullable(type);
  if (optional !== undefined) {
    const test = presentText(optional.isNullFirst);
    const inner = skipStatement(unit, optional.type, place);
    return inner === undefined ? code`${test};` : when(test, inner);
  }
  switch (type.kind) {
    case "null":
      return undefined;
    case "string":
    case "bytes":
    case "uuid":
      return code`reader.skipBytes();`;
    case "float":
      return code`reader.skip(4);`;
    case "double":
      return code`reader.skip(8);`;
    case "duration":
      return code`reader.skip(12);`;
    case "fixed":
      return code`reader.skip(${numberLiteral(unit.index.fixed(type.name).size)});`;
    case "long":
    case "timestamp-micros":
    case "timestamp-nanos":
      return code`reader.skipLong();`;
    case "timestamp-date":
      return code`reader.dateMillis();`;
    case "record":
      return code`${call(unit.recordPart("skip", type.name), [code`reader`])};`;
    case "array":
    case "map":
    case "union":
      return code`${call(skipPart(unit, type, place), [code`reader`])};`;
    default:
      return code`${readExpression(unit, type, place)};`;
  }
}

function skipPart(
  unit: CodecUnit,
  type: TypeModel & { readonly kind: "array" | "map" | "union" },
  place: string,
): Code {
  return unit.part("skip", type, place, (name) => ({
    ...readHead(unit, name, code`void`),
    statements: [skipBody(unit, type, place)],
  }));
}

function skipBody(
  unit: CodecUnit,
  type: TypeModel & { readonly kind: "array" | "map" | "union" },
  place: string,
): Code {
  switch (type.kind) {
    case "array":
      return skipItems(unit, type.items, place);
    case "map": {
      const value = skipStatement(unit, type.values, place);
      return blocks(1 + smallestSize(unit.index, type.values), [
        code`reader.skipBytes();`,
        ...(value === undefined ? [] : [value]),
      ]);
    }
    case "union":
      return branches(type, (branch) => {
        const statement = skipStatement(unit, branch, place);
        return [...(statement === undefined ? [] : [statement]), code`return;`];
      });
  }
}

function skipItems(unit: CodecUnit, items: TypeModel, place: string): Code {
  const size = smallestSize(unit.index, items);
  const item = skipStatement(unit, items, place);
  if (item !== undefined) return blocks(size, [item]);
  const next = code`reader.block(${numberLiteral(size)})`;
  return block(code`for (let left = ${next}; left > 0; left = ${next})`, []);
}
