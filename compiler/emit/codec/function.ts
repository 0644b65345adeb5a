import { block, type Code, call, code, ident, lines, mentions } from "../code.ts";

export interface FunctionParts {
  readonly name: Code;
  readonly parameters: readonly { readonly name: string; readonly type: Code }[];
  readonly result: Code;
  readonly statements: readonly Code[];
}

/** A function declaration. Parameters that nothing uses get a name that says so. */
export function functionText({ name, parameters, result, statements }: FunctionParts): Code {
  const body = lines(statements);
  const heads = parameters.map((parameter) => {
    const isUsed = statements.length > 0 && mentions(body, parameter.name);
    return code`${ident(isUsed ? parameter.name : `_${parameter.name}`)}: ${parameter.type}`;
  });
  return block(code`${call(code`function ${name}`, heads)}: ${result}`, statements);
}
