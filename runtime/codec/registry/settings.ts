/** How to reach a schema registry that speaks Confluent's API. Secrets are here in the clear. */
export interface RegistrySettings {
  /** Base URLs; a call that one of them does not answer goes to the next. */
  readonly urls: readonly string[];
  readonly auth?:
    | { readonly username: string; readonly password: string }
    | { readonly token: string };
  /** Names subjects; the default is `topic`: `<topic>-value`. */
  readonly subjects?: SubjectStrategy;
  /** PEM of the authority that has signed the registry's certificate; Node's own without it. */
  readonly ca?: string;
}

/**
 * What a subject is named by: `<topic>-value`, the record's full name, or `<topic>-<record's name>`
 * (Confluent's TopicNameStrategy, RecordNameStrategy and TopicRecordNameStrategy).
 */
export type SubjectStrategy = "topic" | "record" | "topic-record";
