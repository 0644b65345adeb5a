import type { Clock } from "../clock.ts";
import type { Fetcher, Log } from "../log/log.ts";
import { untilAnswered } from "./retry.ts";

/**
 * A log whose reading calls, and those that make topics, wait for an answer. Members and producers
 * are the log's own: what their errors mean depends on what was begun.
 */
export function steadyLog(log: Log, clock: Clock): Log {
  return {
    createTopics: (topics) => untilAnswered(clock, () => log.createTopics(topics)),
    describeTopics: (names) => untilAnswered(clock, () => log.describeTopics(names)),
    offsets: (partitions) => untilAnswered(clock, () => log.offsets(partitions)),
    deleteRecords: (before) => untilAnswered(clock, () => log.deleteRecords(before)),
    join: (options) => untilAnswered(clock, () => log.join(options)),
    fetcher: async () => steadyFetcher(await log.fetcher(), clock),
    producer: (options) => untilAnswered(clock, () => log.producer(options)),
    close: () => log.close(),
  };
}

function steadyFetcher(fetcher: Fetcher, clock: Clock): Fetcher {
  return {
    seek: (partition, offset) => fetcher.seek(partition, offset),
    remove: (partition) => fetcher.remove(partition),
    pause: (partition) => fetcher.pause(partition),
    resume: (partition) => fetcher.resume(partition),
    poll: (timeoutMs) => untilAnswered(clock, () => fetcher.poll(timeoutMs)),
    close: () => fetcher.close(),
  };
}
