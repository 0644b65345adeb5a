import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../../clock.ts";
import { Outage } from "../outage/outage.ts";
import { LateFormats } from "../outputs/late-format.ts";
import { Asking, type FoundTopic } from "../rpc/asking.ts";
import { asking, type ClientHandle } from "../rpc/client-handle.ts";
import { QuestionSender } from "../rpc/question-sender.ts";
import type { AskSpec } from "../rpc/spec.ts";
import type { Logger } from "../scope.ts";
import { registryFor } from "../services/registry-for.ts";
import type { TopicDeclaration } from "../spec.ts";
import { recordMaxBytes, recordMaxBytesDefault } from "../topics/topic-needs.ts";
import { type ClientSettings, findTopic } from "./client-settings.ts";

/** Asks one function of a pipeline, from a program that is no worker. */
export interface Asker<Q, A> extends Pick<ClientHandle<Q, A>, "ask" | "map"> {
  /** Wants no answer. Resolves when the log has the question. */
  cast(question: Q): Promise<void>;
  /** Rejects what waits for an answer. */
  close(): Promise<void>;
}

export interface AskerSettings extends ClientSettings {
  /** What waits are measured by. Without it, the machine's own time. */
  readonly clock?: Clock;
}

/** Makes an asker of a function. Throws SG8040 where no worker has made its topics yet. */
export async function createAsker<K, Q, A>(
  ask: AskSpec<K, Q, A>,
  settings: AskerSettings,
): Promise<Asker<Q, A>> {
  const { clock = systemClock, config, log, now } = settings;
  const found = await findAll([ask.questions, ask.answers], settings);
  const find = (topic: TopicDeclaration): FoundTopic => found.get(topic.name) ?? nowhere;
  const over = new AbortController();
  const port = new Asking({
    log,
    clock,
    find,
    waits: { clock, outage: new Outage(clock, silent) },
    logger: silent,
    id: randomUUID(),
    timeoutMs: config?.askTimeoutMs,
    count: () => undefined,
    failed: (error) => over.abort(error),
  });
  const registry = registryFor([ask.questions], log, settings.registry);
  const formats = new LateFormats(registry, (declared) => found.get(declared)?.name ?? declared);
  const [questions, answers] = [formats.writing(ask.questions), formats.answersOf(ask)];
  await formats.ready();
  const sender = new QuestionSender(ask, {
    ...{ asking: port, questions, answers, now },
    signal: over.signal,
  });
  return {
    ...asking(sender),
    cast: (question) => sender.send(question),
    close: () => port.close(),
  };
}

async function findAll(
  topics: readonly TopicDeclaration[],
  settings: ClientSettings,
): Promise<ReadonlyMap<string, FoundTopic>> {
  const found = new Map<string, FoundTopic>();
  for (const topic of topics) {
    const { config, name, partitions } = await findTopic(topic, settings);
    const max = Number(config[recordMaxBytes] ?? recordMaxBytesDefault);
    found.set(topic.name, { name, partitions, recordMaxBytes: max });
  }
  return found;
}

const nowhere: FoundTopic = { name: "", partitions: 0, recordMaxBytes: 0 };

/** What a program that is no worker has to say, its calls say. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
