import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { UndoLog, UndoStep } from "../../state/undo.ts";
import type { Moment } from "../tasks/moment.ts";
import type { ChannelReceiver, ChannelSpec } from "./channel-spec.ts";

/** What sends to a channel. */
export interface ChannelHandle<V> {
  /** The value is encoded before this returns, so that changing it afterwards has no effect. */
  send(value: V): void;
  /** Throws SG8435: a channel keeps nothing that could be deleted. The language's types refuse it, too. */
  delete(key: never): void;
}

interface Sent {
  readonly channel: string;
  readonly bytes: Buffer;
}

/** More than this a record does not lead to, unless channels feed each other without end. */
const sentMax = 10_000;
const sentMaxBytes = 16_777_216;

/**
 * What one record's work has sent to channels and their agents have not had. They get it before the
 * record is done with, first come, first served, so that all of it is part of the record's work.
 */
export class Channels {
  readonly #undo: UndoLog;
  readonly #moment: Moment;
  readonly #receivers = new Map<string, ChannelReceiver>();
  /** All that the record has led to; what is handled stays until everything is. */
  readonly #sent: Sent[] = [];
  #bytes = 0;
  #handled = 0;
  readonly #writer = new Writer(256);
  readonly #step: UndoStep = {
    undo: () => this.#takeBack(),
    copy: () => {
      const last = this.#sent.at(-1);
      return () => {
        if (last !== undefined) this.#push(last);
      };
    },
  };

  constructor(undo: UndoLog, moment: Moment) {
    this.#undo = undo;
    this.#moment = moment;
  }

  get isEmpty(): boolean {
    return this.#sent.length === 0;
  }

  /** Where what is sent to a channel goes. */
  connect(name: string, receiver: ChannelReceiver): void {
    this.#receivers.set(name, receiver);
  }

  handle<V>({ name, value: codec }: ChannelSpec<V>): ChannelHandle<V> {
    return {
      delete() {
        throw new StreamgenError("SG8435", `channel "${name}" keeps nothing that could be deleted`);
      },
      send: (value) => {
        this.#moment.check(name);
        const writer = this.#writer;
        writer.truncate(0);
        codec.write(writer, value);
        this.#push({ channel: name, bytes: Buffer.from(writer.written()) });
      },
    };
  }

  /** What a lane has sent becomes the task's. */
  moveTo(other: Channels): void {
    for (const sent of this.#sent) other.#push(sent);
    this.drop();
  }

  drop(): void {
    this.#sent.length = 0;
    this.#bytes = 0;
  }

  /**
   * Has the agents handle everything, and what that leads to. Gives a promise only where one of them
   * does. Throws, or rejects, where the task must stop.
   */
  drain(): Promise<void> | undefined {
    this.#handled = 0;
    return this.#goOn();
  }

  #goOn(): Promise<void> | undefined {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const pending = this.#receivers.get(next.channel)?.process(next.bytes);
      if (pending !== undefined) return pending.then(() => this.#goOn());
    }
    this.drop();
    return undefined;
  }

  #next(): Sent | undefined {
    const next = this.#sent[this.#handled];
    this.#handled += 1;
    return next;
  }

  #push(sent: Sent): void {
    const bytes = this.#bytes + sent.bytes.length;
    if (this.#sent.length >= sentMax || bytes > sentMaxBytes) {
      throw new StreamgenError(
        "SG8434",
        `one record has led to ${this.#sent.length} values of ${bytes} bytes in channels, "${sent.channel}" ` +
          "among them, and no end of it: send to a topic what may go on for long",
      );
    }
    this.#bytes = bytes;
    this.#sent.push(sent);
    this.#undo.push(this.#step);
  }

  #takeBack(): void {
    this.#bytes -= this.#sent.pop()?.bytes.length ?? 0;
  }
}
