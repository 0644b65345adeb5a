import type { EmissionModel } from "../model/topology.ts";
import { arrow, type Code, call, code } from "./code.ts";

/** The handler of a function whose return value is sent. */
export function emitting(
  input: Code,
  sink: Code,
  { shape }: EmissionModel,
  { result, async }: { readonly result: Code; readonly async: boolean },
): Code {
  if (shape === "async-many")
    return arrow(code`(${input})`, call(code`${sink}.emitEach`, [result]));
  const method = shape === "many" ? code`emitAll` : code`emit`;
  const send = code`${sink}.${method}`;
  return async
    ? arrow(code`async (${input})`, call(send, [code`await ${result}`]))
    : arrow(code`(${input})`, call(send, [result]));
}
