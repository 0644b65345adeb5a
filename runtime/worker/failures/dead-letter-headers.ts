/** Why a record was put aside. */
export interface Reason {
  /** The agent that gave up on it; several with commas between them. */
  readonly agent: string;
  readonly code: string;
  readonly message: string;
  /** How often the agent was called with it; 0: it could not be read, or came too late. */
  readonly attempts: number;
}

/** Where a record was put aside, as it was there. */
export interface Origin {
  /** The topic's name in the log. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

const prefix = "sg-dlq-";
/** Longer messages are cut. */
const messageMax = 1000;

/** What a dead letter's headers say, each as a text. */
export function reasonHeaders(origin: Origin, reason: Reason): readonly [string, string][] {
  const { topic, partition, offset, timestamp } = origin;
  const { agent, code, message, attempts } = reason;
  const texts = { topic, partition, offset, timestamp, agent, code, attempts };
  return [
    ...Object.entries(texts).map(([name, value]): [string, string] => [
      `${prefix}${name}`,
      String(value),
    ]),
    [`${prefix}message`, shortened(message)],
  ];
}

/** What the headers of a dead letter say. */
export interface DeadLetterPlace extends Origin, Reason {}

export const isReasonHeader = (name: string): boolean => name.startsWith(prefix);

/** What headers say about a dead letter; `undefined` where they do not say that it is one. */
export function readReason(headers: ReadonlyMap<string, Uint8Array>): DeadLetterPlace | undefined {
  const text = (name: string): string =>
    Buffer.from(headers.get(`${prefix}${name}`) ?? []).toString("utf8");
  const numbers = ["partition", "offset", "timestamp", "attempts"].map((name) =>
    /^-?\d{1,16}$/.test(text(name)) ? Number(text(name)) : Number.NaN,
  );
  const [partition = 0, offset = 0, timestamp = 0, attempts = 0] = numbers;
  const topic = text("topic");
  if (topic === "" || numbers.some(Number.isNaN)) return undefined;
  const [agent, code, message] = [text("agent"), text("code"), text("message")];
  return { topic, partition, offset, timestamp, agent, code, message, attempts };
}

/** A message without the stack that some errors carry in it, and no longer than it may be. */
export function shortened(message: string): string {
  const lines = message.split("\n");
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const text = (stack < 0 ? lines : lines.slice(0, stack)).join("\n");
  return text.length <= messageMax ? text : `${text.slice(0, messageMax)}…`;
}
