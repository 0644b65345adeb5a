import { closeSync, openSync, readSync } from "node:fs";
import { StreamgenError } from "../../errors.ts";

/** Longer is no secret. */
const sizeMaxBytes = 65_536;

/** What stands for a secret wherever one is printed. */
export const hidden = "***";

/** The process's environment, or a stand-in. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A secret that is read when it is needed, and that nobody sees by printing what holds it. */
export class HiddenText {
  readonly #read: () => string;

  private constructor(read: () => string) {
    this.#read = read;
  }

  /** `name` is the setting's. The variable is read each time. */
  static fromEnvironment(env: Environment, variable: string, name: string): HiddenText {
    return new HiddenText(() => {
      const text = env[variable];
      if (text === undefined || text === "") {
        throw unreadable(name, `the environment variable ${variable}`, "it is not set");
      }
      return text;
    });
  }

  /** The file is read each time, so that it may be replaced under a running worker. */
  static fromFile(file: string, name: string): HiddenText {
    return new HiddenText(() => {
      const text = readShort(file, name).replace(/\r?\n$/, "");
      if (text === "") throw unreadable(name, file, "it is empty");
      return text;
    });
  }

  /** Throws SG8101 that says where the secret was looked for. */
  read(): string {
    return this.#read();
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }
}

function readShort(file: string, name: string): string {
  const bytes = Buffer.alloc(sizeMaxBytes + 1);
  let length = 0;
  try {
    const descriptor = openSync(file, "r");
    try {
      for (let read = 1; read > 0 && length < bytes.length; length += read) {
        read = readSync(descriptor, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw unreadable(name, file, reasonOf(cause));
  }
  if (length > sizeMaxBytes) throw unreadable(name, file, "it is longer than 64 KiB");
  return bytes.toString("utf8", 0, length);
}

function unreadable(name: string, place: string, reason: string): StreamgenError {
  return new StreamgenError("SG8101", `${name} cannot be read from ${place}: ${reason}`);
}

/** Why a file cannot be read, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
      return "this user may not read it";
    case "EISDIR":
      return "it is a folder";
    default:
      return `the system says ${typeof code === "string" ? code : "no"}`;
  }
}
