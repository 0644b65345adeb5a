import type { EmissionModel } from "../model/topology.ts";
import type { BranchTest } from "../model/type.ts";
import { arrow, type Code, call, code, ident, join, literal, member } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { lowerFirst } from "./names.ts";
import type { Scope } from "./scope.ts";
import { topicOf } from "./topic-of.ts";
import { typeText } from "./type-text.ts";

interface Outputs {
  /** What a returned value is given to. */
  readonly sink: Code;
  readonly uses: readonly Code[];
}

/** The sinks of what a function returns; where there are several, each value goes to its own. */
export function outputs(
  file: GeneratedFile,
  { also = [], tests = [], topic }: EmissionModel,
  at: {
    readonly scope: Scope;
    readonly sinkOf: (topic: string) => Code;
  },
): Outputs {
  const topics = [topic, ...also].map((name, index) => {
    const { alias, value } = topicOf(file, name);
    const sink = ident(at.scope.take(lowerFirst(alias), "output"));
    const statement = code`const ${sink} = ${at.sinkOf(name)};`;
    return { sink, statement, value, test: tests[index] };
  });
  const [first, ...others] = topics;
  if (first === undefined || others.length === 0) {
    return { sink: first?.sink ?? code``, uses: topics.map(({ statement }) => statement) };
  }
  const all = join(
    topics.map(({ value }) => typeText(file, value)),
    code` | `,
  );
  const last = topics.at(-1)?.sink ?? first.sink;
  const chosen = topics
    .slice(0, -1)
    .reduceRight(
      (rest, { sink, test, value }) =>
        call(file.runtime("either"), [
          sink,
          arrow(code`(value: ${all}): value is ${typeText(file, value)}`, testText(test)),
          rest,
        ]),
      last,
    );
  const output = ident(at.scope.take("output", "output"));
  return {
    sink: output,
    uses: [...topics.map(({ statement }) => statement), code`const ${output} = ${chosen};`],
  };
}

/** The condition under which `value` is one topic's. */
function testText(test: BranchTest | undefined): Code {
  switch (test?.kind) {
    case "typeof":
      return test.is === "null" ? code`value === null` : code`typeof value === ${literal(test.is)}`;
    case "instanceof":
      return test.is === "Array"
        ? code`Array.isArray(value)`
        : code`value instanceof ${ident(test.is)}`;
    case "literal":
      return code`typeof value === "object" && value${member(test.field)} === ${literal(test.is)}`;
    case "field":
      return code`typeof value === "object" && ${literal(test.field)} in value`;
    default:
      return code`typeof value === "object"`;
  }
}
