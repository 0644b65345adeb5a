import type { Each, Event, Sink, To, Topic } from "streamgen";

/** Faust's untyped stream: whatever stands in the record, as bytes. */
export type Uploads = Topic<
  "uploads",
  { value: Uint8Array; key: string; format: "bytes"; external: true }
>;
export type Archive = Topic<"archive", { value: Uint8Array; key: string; format: "bytes" }>;

/** Passes small ones on as they are. */
export function archiveUpload(upload: Event<Uploads>, archive: Sink<Archive>): void {
  if (upload.value.length <= 1024) upload.forward(archive);
}

export interface Visit {
  page: string;
  language?: string;
}

export interface KnownVisit {
  page: string;
  language: string;
  client: string;
}

export type Visits = Topic<"visits", { value: Visit; format: "json"; external: true }>;
export type KnownVisits = Topic<"known-visits", { value: KnownVisit; keyBy: "page" }>;

/** Faust's processors: functions, called in their order. */
export function knowVisit(visit: Each<Visits>): To<KnownVisits> {
  return addClient(addLanguage(visit));
}

function addLanguage({ page, language = "en" }: Visit): { page: string; language: string } {
  return { page, language };
}

function addClient<V extends object>(visit: V): V & { client: string } {
  return { ...visit, client: "web" };
}
