import { StreamgenError } from "../errors.ts";
import type { ExitCode } from "./exit-code.ts";

/**
 * A reason to end that is the person's to mend. It is printed as one line that says what, where and
 * what to do. Codes: SG8501 flags, SG8502 topics, SG8503 input files, SG8504 lines, SG8505 output files.
 */
export class Refusal extends StreamgenError {
  readonly exitCode: ExitCode;
  /** What to do, as an imperative. */
  readonly fix: string;

  constructor(
    code: `SG${number}`,
    message: string,
    { fix, exitCode }: { readonly fix: string; readonly exitCode: ExitCode },
  ) {
    super(code, message);
    this.name = "Refusal";
    this.fix = fix;
    this.exitCode = exitCode;
  }

  /** The same, with what else there is to know. */
  adding(consequence: string): Refusal {
    const { message, exitCode } = this;
    return new Refusal(this.code, message, { fix: `${this.fix}; ${consequence}`, exitCode });
  }
}

/** The message of anything that was thrown, its first line only. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n", 1)[0] ?? "";
}
