/** SG3: topics, tables and agents, and how they are put together. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";
import { suggest } from "./suggest.ts";

/** SG3001: `keyBy`, `groupBy` or `time` with a field that is not there. */
export const noSuchField = (
  mention: { readonly subject: string; readonly option: string; readonly field: string },
  record:
    | { readonly name: string; readonly fields: readonly string[]; readonly span: Span }
    | undefined,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3001",
    span,
    message: `${mention.subject} has ${mention.option}: "${mention.field}", but ${record?.name ?? "its value"} has no such field`,
    related: record && [{ message: `${record.name} is declared here`, span: record.span }],
    fix:
      record === undefined
        ? `make the value a record, or leave out "${mention.option}"`
        : suggest(mention.field, record.fields),
  });

/** SG3002: a key that may be missing, or that has no bytes to compare. */
export const badKey = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3002",
    span,
    message: `${subject} is keyed by ${text}, which is nullable, a collection or a nested record`,
    fix: "key it by a required scalar, or by a record of such",
  });

/** SG3003: two truths about the key. */
export const keyBesideKeyBy = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3003",
    span,
    message: `${subject} has "key" beside "keyBy", which says what the key is already`,
    fix: 'leave out "key"',
  });

/** SG3004: an event time that is no moment. */
export const badTime = (field: string, subject: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG3004",
    span,
    message: `${subject} has its time in "${field}", which is not always a moment`,
    related: [{ message: `"${field}" is declared here`, span: declared }],
    fix: "use a required field of type Date or TimestampMillis",
  });

/** SG3005: a span that is no length of time. */
export const badSpan = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3005",
    span,
    message: `"${text}" is no length of time for ${subject}`,
    fix: 'write a whole number above 0 and a unit: "250ms", "30s", "10m", "1h", "7d"',
  });

/** SG3006: partitions or replicas that cannot be. */
export const badCount = (
  count: { readonly name: string; readonly value: number; readonly max: number },
  subject: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3006",
    span,
    message: `${subject} cannot have ${count.value} ${count.name}`,
    fix: `write a whole number from 1 to ${count.max}`,
  });

/** SG3007: a name that Kafka refuses. */
export const badTopicName = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG3007",
    span,
    message: `Kafka takes no topic named ${JSON.stringify(name)}`,
    fix: 'use letters, digits, ".", "_" and "-" only',
  });

/** SG3008: a name that is too long. */
export const topicNameTooLong = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG3008",
    span,
    message: `the name "${name.slice(0, 20)}…" has ${name.length} characters, and Kafka takes 249`,
    fix: "shorten it",
  });

/** SG3009: a topic as an interface. */
export const interfaceTopic = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG3009",
    span,
    message: `interface ${name} extends Topic, which makes a type of records and no topic`,
    fix: `write a type alias: type ${name} = Topic<…>`,
  });

/** SG3010: a name or span that is not written as a literal. */
export const nameNotLiteral = (what: string, span: Span): Diagnostic =>
  error({
    code: "SG3010",
    span,
    message: `the first argument of this ${what} is not a text`,
    fix: what === "timer" ? 'write it out: Every<"30s">' : 'write the name out: "orders"',
  });

/** SG3011: an option that has to be there. */
export const optionMissing = (option: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3011",
    span,
    message: `${subject} does not say its ${option}`,
    fix: `add "${option}: …"`,
  });

/** SG3012: an option that does not exist. */
export const unknownOption = (
  option: string,
  subject: string,
  allowed: readonly string[],
  span: Span,
): Diagnostic =>
  error({
    code: "SG3012",
    span,
    message: `${subject} has the option "${option}", which does not exist`,
    fix: suggest(option, allowed),
  });

/** SG3013: an option whose value is not written out. */
export const optionNotLiteral = (option: string, what: string, span: Span): Diagnostic =>
  error({
    code: "SG3013",
    span,
    message: `option "${option}" is not written as ${what}`,
    fix: `write ${what} in place`,
  });

/** SG3014: a value that an option does not have. */
export const unknownChoice = (
  choice: { readonly option: string; readonly text: string; readonly choices: readonly string[] },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3014",
    span,
    message: `option "${choice.option}" cannot be "${choice.text}"`,
    fix: suggest(choice.text, choice.choices),
  });

/** SG3015: options that are worked out. */
export const unreadableOptions = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3015",
    span,
    message: `the options of ${subject} are not written out`,
    fix: "write them as { name: value; … }, in place or in a type alias",
  });

/** SG3016: a format for values of another type. */
export const formatDoesNotFit = (format: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3016",
    span,
    message: `${subject} has the format "${format}", which cannot hold its values`,
    fix: 'leave the format out, or write "avro" or "json"',
  });

/** SG3017: compaction without keys. */
export const compactWithoutKey = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3017",
    span,
    message: `${subject} is compacted, but its records have no key to keep the last one of`,
    fix: 'add "keyBy" or "key"',
  });

/** SG3018: a union of topics where one is read. */
export const severalTopics = (user: string, span: Span): Diagnostic =>
  error({
    code: "SG3018",
    span,
    message: `${user} has a union of topics, and it takes one`,
    fix:
      user === "Sink"
        ? "take a Sink for each topic"
        : "write a function for each topic, and share what they do in one that they call",
  });

/** SG3019: something else where a topic is wanted. */
export const notATopic = (text: string, user: string, span: Span): Diagnostic =>
  error({
    code: "SG3019",
    span,
    message: `${user} takes a topic, and ${text} is none`,
    fix: 'name a type alias of a topic: type Orders = Topic<"orders", { value: Order }>',
  });

/** SG3020: something else where a table is wanted. */
export const notATable = (text: string, user: string, span: Span): Diagnostic =>
  error({
    code: "SG3020",
    span,
    message: `${user} takes a table, and ${text} is none`,
    fix: 'name a type alias of a table: type Counts = Table<"counts", { key: string; value: Int }>',
  });

/** SG3022: a key function that gives different keys for one value. */
export const keyVaries = (name: string, cause: string, span: Span, place: Span): Diagnostic =>
  error({
    code: "SG3022",
    span,
    message: `function "${name}" gives a key, but it depends on more than the value`,
    related: [{ message: `${cause} is not always the same`, span: place }],
    fix: "work the key out of the value alone",
  });

/** SG3021: `trustKey` where no key is compared. */
export const trustWithoutKeyBy = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3021",
    span,
    message: `${subject} has "trustKey", but keys are only compared on external topics with "keyBy"`,
    fix: 'leave out "trustKey", or add "external: true" and "keyBy"',
  });
