import { givenSettings, type Invocation, refuse } from "./arguments.ts";

/** A topic and the file that it is filled from, or that it is written to. `-` is standard in or out. */
export interface TopicFile {
  readonly topic: string;
  readonly file: string;
}

/** What the flags of a worker say. */
export interface WorkerFlags {
  /** The embedded log: always, unless brokers are configured, or never. */
  readonly embedded: "always" | "by-default" | "never";
  /** Flags that stand for settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly inputs: readonly TopicFile[];
  readonly outputs: readonly TopicFile[];
  /** Topics whose records are printed as they come. */
  readonly shown: readonly string[];
  readonly showsOutputs: boolean;
  readonly untilIdle: boolean;
  readonly hasEnvelope: boolean;
  readonly printsConfig: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
}

/** Understands a worker's flags. Throws a `Refusal` with the first mistake. */
export function workerFlags(invocation: Invocation): WorkerFlags {
  const { switches, values } = invocation;
  const has = (name: string): boolean => switches.has(name);
  const outputs = (values.get("output") ?? []).map((text) => topicFile("output", text));
  const inputs = (values.get("input") ?? []).map((text) => topicFile("input", text));
  const twice = repeated(outputs.map(({ file }) => file));
  if (twice !== undefined) refuse(`two outputs go to "${twice}"`, "give each a file of its own");
  if (inputs.filter(({ file }) => file === "-").length > 1) {
    refuse("two inputs come from standard input", "give all but one a file");
  }
  if (has("embedded") && values.has("bootstrap")) {
    refuse("--embedded and --bootstrap exclude each other", "leave one out");
  }
  return {
    embedded: has("embedded") ? "always" : has("embedded-by-default") ? "by-default" : "never",
    settings: givenSettings(invocation),
    inputs,
    outputs,
    shown: values.get("show") ?? [],
    showsOutputs: has("show-outputs"),
    untilIdle: has("until-idle"),
    hasEnvelope: has("envelope"),
    printsConfig: has("print-config"),
    isQuiet: has("quiet"),
    isVerbose: has("verbose"),
    isJson: has("json"),
  };
}

function topicFile(flag: string, text: string): TopicFile {
  const split = text.indexOf("=");
  if (split <= 0 || split === text.length - 1) {
    refuse(`--${flag} is "${text}"`, `write --${flag} topic=file, such as orders=orders.jsonl`);
  }
  return { topic: text.slice(0, split), file: text.slice(split + 1) };
}

function repeated(files: readonly string[]): string | undefined {
  return files.find((file, index) => files.indexOf(file) !== index);
}
