import type { Fetcher, Log } from "../../log/log.ts";
import { untilAnswered, type Waits } from "./retry.ts";

/**
 * A log whose reading calls, and those that make topics, wait for an answer. Members and producers
 * are the log's own: what their errors mean depends on what was begun.
 */
export function steadyLog(log: Log, waits: Waits): Log {
  return {
    createTopics: (topics) => untilAnswered(waits, () => log.createTopics(topics)),
    describeTopics: (names) => untilAnswered(waits, () => log.describeTopics(names)),
    topicNames: () => untilAnswered(waits, () => log.topicNames()),
    offsets: (partitions) => untilAnswered(waits, () => log.offsets(partitions)),
    offsetsAt: (partitions, timeMs) =>
      untilAnswered(waits, () => log.offsetsAt(partitions, timeMs)),
    deleteRecords: (before) => untilAnswered(waits, () => log.deleteRecords(before)),
    join: (options) => untilAnswered(waits, () => log.join(options)),
    fetcher: async () => steadyFetcher(await log.fetcher(), waits),
    producer: (options) => untilAnswered(waits, () => log.producer(options)),
    close: () => log.close(),
  };
}

function steadyFetcher(fetcher: Fetcher, waits: Waits): Fetcher {
  return {
    seek: (partition, offset) => fetcher.seek(partition, offset),
    remove: (partition) => fetcher.remove(partition),
    pause: (partition) => fetcher.pause(partition),
    resume: (partition) => fetcher.resume(partition),
    poll: (timeoutMs) => untilAnswered(waits, () => fetcher.poll(timeoutMs)),
    close: () => fetcher.close(),
  };
}
