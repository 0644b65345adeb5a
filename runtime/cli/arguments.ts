import { parseArgs } from "node:util";
import { exitCode } from "./exit-code.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";

/** A topic and the file that it is filled from, or that it is written to. `-` is standard in or out. */
export interface TopicFile {
  readonly topic: string;
  readonly file: string;
}

export interface WorkerArguments {
  readonly inputs: readonly TopicFile[];
  readonly outputs: readonly TopicFile[];
  readonly isEmbedded: boolean;
  readonly untilIdle: boolean;
  readonly hasEnvelope: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  /** The summary is a JSON line. */
  readonly isJson: boolean;
  readonly wantsHelp: boolean;
}

const options = {
  embedded: { type: "boolean" },
  input: { type: "string", multiple: true },
  output: { type: "string", multiple: true },
  "until-idle": { type: "boolean" },
  envelope: { type: "boolean" },
  threads: { type: "string" },
  quiet: { type: "boolean" },
  verbose: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const usage = `Usage: node main.js --embedded [flags]

  --embedded             use the embedded log, which lives in the process
  --input <topic=file>   send JSON lines to a topic; - is standard input
  --output <topic=file>  write a topic's records as JSON lines when the worker stops
  --until-idle           stop when all input is processed
  --envelope             lines are {"key","value","timestamp","headers"}
  --threads <number>     threads of the worker; 1 for now
  --quiet                print warnings and errors only
  --verbose              print what agents log with ctx.log.debug, too
  --json                 print the summary as a JSON line
  --help                 print this text
`;

/** Understands a worker's flags. Throws a `Refusal` with the first mistake. */
export function parseWorkerArguments(args: readonly string[]): WorkerArguments {
  const { values, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") refuse(`"${token.value}" is no flag`, "see --help");
    if (token.kind === "option") checkFlag(token);
  }
  const threads = values.threads;
  if (threads !== undefined && threads !== "1") {
    refuse(`--threads is "${threads}"`, "use --threads 1: more come with Kafka");
  }
  const outputs = texts(values.output).map((text) => topicFile("output", text));
  const inputs = texts(values.input).map((text) => topicFile("input", text));
  const twice = repeated(outputs.map(({ file }) => file));
  if (twice !== undefined) refuse(`two outputs go to "${twice}"`, "give each a file of its own");
  if (inputs.filter(({ file }) => file === "-").length > 1) {
    refuse("two inputs come from standard input", "give all but one a file");
  }
  return {
    inputs,
    outputs,
    isEmbedded: values.embedded === true,
    untilIdle: values["until-idle"] === true,
    hasEnvelope: values.envelope === true,
    isQuiet: values.quiet === true,
    isVerbose: values.verbose === true,
    isJson: values.json === true,
    wantsHelp: values.help === true,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function checkFlag({ name, rawName, value }: OptionToken): void {
  const known = Object.entries(options).find(([flag]) => flag === name)?.[1];
  if (known === undefined) {
    const guess = nearest(name, Object.keys(options));
    refuse(
      `there is no flag "${rawName}"`,
      guess === undefined ? "see --help" : `write --${guess}`,
    );
  }
  if (known.type === "boolean" && value !== undefined) {
    refuse(`${rawName} takes no value, but is given "${value}"`, `write ${rawName}`);
  }
  if (known.type === "string" && (value === undefined || /^$|^-./.test(value))) {
    refuse(`${rawName} needs a value`, `write ${rawName} <...>; see --help`);
  }
}

function topicFile(flag: string, text: string): TopicFile {
  const split = text.indexOf("=");
  if (split <= 0 || split === text.length - 1) {
    refuse(`--${flag} is "${text}"`, `write --${flag} topic=file, such as orders=orders.jsonl`);
  }
  return { topic: text.slice(0, split), file: text.slice(split + 1) };
}

/** Values of a flag that may be repeated; switches among them were refused before. */
function texts(values: string | boolean | (string | boolean)[] | undefined): readonly string[] {
  const list = Array.isArray(values) ? values : [values];
  return list.filter((value) => typeof value === "string");
}

function repeated(files: readonly string[]): string | undefined {
  return files.find((file, index) => files.indexOf(file) !== index);
}

function refuse(problem: string, fix: string): never {
  throw new Refusal("SG8501", problem, { fix, exitCode: exitCode.usage });
}
