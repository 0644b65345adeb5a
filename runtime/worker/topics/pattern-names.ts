import type { Log } from "../../log/log.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec, TopicDeclaration } from "../spec.ts";
import { nameInLog, namesInLog } from "./topic-needs.ts";

/** Which names in the log a pipeline's patterns stand for. */
export class PatternNames {
  /** The pipeline's own topics, by both of their names: a pattern is for those of others. */
  readonly #own: ReadonlySet<string>;
  readonly #settings: Settings;
  readonly #expressions: ReadonlyMap<string, RegExp>;

  constructor(spec: PipelineSpec, settings: Settings) {
    this.#settings = settings;
    this.#own = new Set([...namesInLog(spec, settings), ...spec.topics.map(({ name }) => name)]);
    this.#expressions = new Map(
      spec.topics.flatMap(({ name, pattern }) =>
        pattern === undefined ? [] : [[name, expressionOf(pattern)]],
      ),
    );
  }

  /** Whether any of the patterns stands for a topic. */
  find(name: string): boolean {
    if (name.startsWith("__") || this.#own.has(name)) return false;
    return [...this.#expressions.values()].some((expression) => expression.test(name));
  }

  /** Whether this topic is a pattern that stands for a name that was found. */
  isFor({ name: declared }: TopicDeclaration, name: string): boolean {
    return this.#expressions.get(declared)?.test(name) === true;
  }

  /** The names in the log of topics, by their declared names: of a pattern, of all that are there. */
  async resolve(log: Log, topics: readonly TopicDeclaration[]): Promise<readonly string[]> {
    const hasPattern = topics.some(({ pattern }) => pattern !== undefined);
    const found = hasPattern ? (await log.topicNames()).filter((name) => this.find(name)) : [];
    return topics.flatMap((topic) =>
      topic.pattern === undefined
        ? [nameInLog(this.#settings, topic.name)]
        : found.filter((name) => this.isFor(topic, name)),
    );
  }
}

/** Of whole names. The compiler has seen to it that it takes bounded time. */
const expressionOf = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

/** Whether a pipeline has any. */
export const hasPatterns = ({ topics }: PipelineSpec): boolean =>
  topics.some(({ pattern }) => pattern !== undefined);
