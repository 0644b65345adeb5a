/** Commands in this process, on an embedded log, with everything they say kept. */
import { runCommand } from "../../../runtime/cli/main.ts";
import type { Surroundings } from "../../../runtime/cli/surroundings.ts";
import { modelRegistry } from "../../../runtime/codec/index.ts";
import type { SchemaRegistry } from "../../../runtime/codec/registry.ts";
import type { Log } from "../../../runtime/log/log.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { pipeline } from "../../../runtime/worker/pipeline.ts";
import type { PipelineSpec } from "../../../runtime/worker/spec.ts";

export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A terminal, a log and a pipeline. */
export class Desk {
  readonly log: MemoryLog = memoryLog();
  registry: SchemaRegistry = modelRegistry();
  readonly removed: string[] = [];
  stdout = "";
  stderr = "";
  /** Requests a stop, as Ctrl-C does. */
  stop: () => void = () => undefined;
  /** What `ask` answers. */
  answer: boolean | undefined;
  stateFolder: string | undefined;
  /** Where standard output is closed by its reader: after so many characters. */
  readMax: number = Number.POSITIVE_INFINITY;
  /** Stands for the cluster's log, if another than `log`. */
  cluster: Log | undefined;
  readonly #spec: PipelineSpec;

  constructor(spec: PipelineSpec) {
    this.#spec = spec;
  }

  async run(...args: readonly string[]): Promise<Said> {
    this.stdout = "";
    this.stderr = "";
    const around = this.around();
    const status = await runCommand((options) => pipeline(1, this.#spec, options), args, around);
    return { status, stdout: this.stdout, stderr: this.stderr };
  }

  around(): Surroundings {
    let isRequested = false;
    const requested = new Promise<void>((resolve) => {
      this.stop = () => {
        isRequested = true;
        resolve();
      };
    });
    const silence = (): void => undefined;
    return {
      env: {},
      now: Date.now,
      note: (text) => {
        this.stderr += text;
      },
      print: async (text) => {
        this.stdout += text;
        return this.stdout.length < this.readMax;
      },
      printsToTerminal: false,
      notesToTerminal: true,
      progress: { begin: silence, at: silence, say: silence, done: silence },
      stop: {
        requested,
        get isRequested() {
          return isRequested;
        },
      },
      connect: async () => ({
        log: this.cluster ?? this.log,
        registry: this.registry,
        admin: async () => this.log.admin(),
        close: async () => undefined,
      }),
      workerOptions: { log: this.cluster ?? this.log, registry: this.registry },
      stateFolder: () => this.stateFolder,
      removeState: async (folder) => {
        this.removed.push(folder);
      },
      ask: async () => this.answer,
    };
  }
}

/** The lines of a text that ends with one. */
export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
