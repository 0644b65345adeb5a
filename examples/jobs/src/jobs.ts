import type { DeadLetter, Each, Resource, To, Topic, Uuid } from "streamgen";

/** A page to be fetched. */
export interface Job {
  id: Uuid;
  site: string;
  url: string;
}

export interface Result {
  job: Uuid;
  site: string;
  status: string;
}

export type Jobs = Topic<"jobs", { value: Job; keyBy: "site"; partitions: 2; external: true }>;
export type Results = Topic<"results", { value: Result; keyBy: "site" }>;
export type FailedJobs = Topic<"jobs.dlq", { value: Uint8Array; format: "bytes" }>;

/** What goes out into the world; opened with the worker, and closed with it. */
export function openFetcher(): Fetcher {
  return {
    fetch: async (url) => (await globalThis.fetch(url)).statusText,
    async [Symbol.asyncDispose]() {},
  };
}

export interface Fetcher extends AsyncDisposable {
  fetch(url: string): Promise<string>;
}

/**
 * Eight at once for each partition: Faust's `concurrency=8`, but those of one site keep their order.
 * One that fails is put aside, and can be replayed.
 */
export async function work(
  job: Each<Jobs, { concurrency: 8; onError: DeadLetter<FailedJobs> }>,
  fetcher: Resource<typeof openFetcher>,
): Promise<To<Results>> {
  return { job: job.id, site: job.site, status: await fetcher.fetch(job.url) };
}
