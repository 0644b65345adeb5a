import { JsonValue } from "../../codec/json.ts";
import type { JsonForm } from "../../codec/json-form.ts";
import type { ContextHandle, WorkerScope } from "../scope.ts";

/** A function that the command line calls: its arguments as flags, and how they are read. */
export interface CommandSpec<Arguments> {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly CommandFlag[];
  readonly arguments: Pick<JsonForm<Arguments>, "fromJson">;
  /** What it opens beside the log, of the pipeline's resources. */
  readonly resources?: readonly ((context: ContextHandle) => unknown)[];
  open(scope: WorkerScope): (given: Arguments) => unknown;
}

/** One argument. */
export interface CommandFlag {
  /** Behind `--`: `dry-run`. */
  readonly name: string;
  /** In the arguments: `dryRun`. */
  readonly property: string;
  readonly kind: "switch" | "text" | "number";
  /** It may be given several times, and is a list. */
  readonly isList?: true;
  readonly isOptional?: true;
  /** All that it may be. */
  readonly choices?: readonly string[];
  readonly help?: string;
}

/** Takes what a function needs, and gives the call of it. */
export type OpenCall = (scope: WorkerScope) => () => unknown;

/** A command whose arguments' type is closed over: `command(spec)` makes it. */
export interface Command extends Omit<CommandSpec<unknown>, "arguments" | "open"> {
  /** Reads arguments from JSON, and gives what opens the call. Throws SG5020 where they do not fit. */
  read(given: unknown): OpenCall;
}

export function command<Arguments>(spec: CommandSpec<Arguments>): Command {
  const { arguments: form, open, ...rest } = spec;
  return {
    ...rest,
    read(given) {
      const values = form.fromJson(new JsonValue(given));
      return (scope) => {
        const call = open(scope);
        return () => call(values);
      };
    },
  };
}
