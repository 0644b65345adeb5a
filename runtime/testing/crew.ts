import type { ManualClock } from "../clock.ts";
import { StreamgenError } from "../errors.ts";
import type { MemoryLog } from "../log/memory-log.ts";
import type { OpenTables, WorkerOptions } from "../worker/contract.ts";
import { errorAnswer, type WebAnswer, type WebRequest } from "../worker/web/answer.ts";
import { type CreateWorker, Member } from "./member.ts";
import { MortalClock } from "./mortal-clock.ts";
import { patiently, turn, untilStill } from "./quiet.ts";

export interface CrewParts {
  readonly createWorker: CreateWorker;
  readonly options: WorkerOptions;
  readonly clock: ManualClock;
  readonly log: MemoryLog;
  /** The consumer groups that the workers are in, by their names in the log. */
  readonly groups: readonly string[];
  readonly patienceMs: number;
}

/** More than stopping may take, together. */
const shutDownSteps = 30;
const shutDownStepMs = 1000;

/** The workers of a driver, and what went wrong with them. */
export class Crew {
  readonly skipped: StreamgenError[] = [];
  readonly #parts: CrewParts;
  readonly #members: Member[] = [];
  /** What workers failed with and the test has not been told. */
  readonly #errors: StreamgenError[] = [];

  constructor(parts: CrewParts) {
    this.#parts = parts;
  }

  /** Starts another worker, or one that crashed under its old name. */
  async start(name: string = `worker-${this.#members.length + 1}`): Promise<void> {
    this.check();
    const { clock, createWorker, log, options } = this.#parts;
    const member = new Member(createWorker, {
      ...{ name, options, connection: log.connect(name), clock: new MortalClock(clock) },
      failed: (error) => this.#errors.push(error),
      skipped: (error) => this.skipped.push(error),
    });
    this.#members.push(member);
    await this.#told(this.#patiently(member.worker.start(), `the start of ${name}`));
  }

  /** The oldest worker is gone with whatever it has not committed. */
  async crash(restart: boolean): Promise<void> {
    await this.untilStill();
    this.check();
    const member = this.#oldest();
    member.crash();
    if (restart) await this.start(member.name);
    else this.#expel(member);
  }

  /** The oldest worker commits and leaves. */
  async stop(): Promise<void> {
    await this.untilStill();
    this.check();
    const member = this.#oldest();
    await this.#told(this.#patiently(member.stop(), `the end of ${member.name}`));
    this.#expel(member);
  }

  /** Lets workers go on as far as they can without the clock. */
  untilStill(): Promise<void> {
    return untilStill(this.#mark);
  }

  /** Waits until everything that is in the log is processed and committed. */
  async idle(): Promise<void> {
    for (let last: number | undefined; ; ) {
      await this.untilShared();
      for (const member of this.#up) {
        const what = `${member.name}, which is to have processed everything,`;
        await this.#told(this.#patiently(member.worker.idle(), what));
      }
      const written = await this.#written();
      if (written === last) return;
      last = written;
    }
  }

  /** Waits until every partition of the inputs is with one of the workers. */
  async untilShared(): Promise<void> {
    const { groups, log } = this.#parts;
    const isShared = (group: string): boolean => {
      const members = log.members(group);
      const read = new Set(members.flatMap(({ topics }) => topics));
      const inputs = log.topics
        .filter(({ name }) => read.has(name))
        .reduce((sum, { partitions }) => sum + partitions, 0);
      const generations = new Set(members.map(({ generation }) => generation));
      const owned = members.reduce((sum, member) => sum + member.owned.length, 0);
      return generations.size <= 1 && owned === inputs;
    };
    const untilShared = async (): Promise<void> => {
      while (this.#errors.length === 0 && !groups.every(isShared)) await turn();
    };
    this.check();
    if (this.#up.length === 0) return;
    await this.#patiently(untilShared(), "an owner of each partition");
    this.check();
  }

  /** The tables of each worker. */
  get tables(): readonly OpenTables[] {
    return this.#up.flatMap(({ tables }) => tables ?? []);
  }

  /** The first worker that has what is asked for answers; otherwise the last one. */
  async handle(request: WebRequest): Promise<WebAnswer> {
    let answer = errorAnswer(503, "no worker runs");
    for (const { worker } of this.#up) {
      answer = await this.#patiently(worker.handle(request), `${request.method} ${request.path}`);
      if (answer.status !== 503) return answer;
    }
    return answer;
  }

  /** Ends all workers, those that crashed among them: their resources are still open. */
  async shutDown(): Promise<void> {
    const { clock } = this.#parts;
    await this.untilStill();
    let isDone = false;
    const stopping = Promise.allSettled(this.#members.map((member) => member.stop()));
    const stopped = stopping.finally(() => {
      isDone = true;
    });
    await this.untilStill();
    // One that is gone, or whose function never returns, waits for its time to be over.
    for (let step = 0; !isDone && step < shutDownSteps; step += 1) {
      await clock.advance(shutDownStepMs);
    }
    const ended = await this.#patiently(stopped, "the end of the workers");
    for (const end of ended)
      if (end.status === "rejected") await this.#told(Promise.reject(end.reason));
  }

  /** Throws what a worker failed with, once. */
  check(): void {
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error;
  }

  get #up(): readonly Member[] {
    return this.#members.filter(({ state }) => state === "up");
  }

  #oldest(): Member {
    const [member] = this.#up;
    if (member !== undefined) return member;
    throw new StreamgenError("SG8703", "no worker runs: start one by startWorker");
  }

  /** Its groups learn at once that a worker is gone, as if its session had ended. */
  #expel({ name }: Member): void {
    const { groups, log } = this.#parts;
    for (const group of groups) {
      for (const { client, id } of log.members(group)) if (client === name) log.expel(group, id);
    }
  }

  /** How much there is in the log. */
  async #written(): Promise<number> {
    const { log } = this.#parts;
    const places = log.topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
    );
    const ranges = await log.offsets(places);
    return ranges.reduce((sum, { end }) => sum + end, 0);
  }

  readonly #mark = (): string => this.#members.map((member) => member.mark).join();

  #patiently<T>(promise: Promise<T>, what: string): Promise<T> {
    const { clock, patienceMs } = this.#parts;
    return patiently(promise, { clock, mark: this.#mark, what, patienceMs });
  }

  /** The test learns of an error by this promise, and is not told again. */
  async #told<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      this.#errors.length = 0;
      throw error;
    }
  }
}
