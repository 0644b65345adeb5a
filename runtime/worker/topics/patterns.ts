import type { Log, TopicSettings } from "../../log/log.ts";
import type { GroupSpec, Source } from "../spec.ts";
import type { PatternNames } from "./pattern-names.ts";
import type { Topics } from "./topics.ts";

/**
 * The topics that patterns stand for, as they come and go. Each has agent groups of its own, with a
 * task for each of its partitions: topics that are found need not have equally many.
 */
export class Patterns {
  readonly #log: Log;
  readonly #names: PatternNames;
  readonly #topics: Topics;

  constructor(log: Log, names: PatternNames, topics: Topics) {
    this.#log = log;
    this.#names = names;
    this.#topics = topics;
  }

  /** Looks which topics there are, and gives whether others are found than the last time. */
  async look(): Promise<boolean> {
    const { found } = this.#topics;
    const names = (await this.#log.topicNames()).filter((name) => this.#names.find(name));
    const added = names.filter((name) => !found.has(name));
    const gone = [...found.keys()].filter((name) => !names.includes(name));
    // One that is gone by now is left out.
    const described = added.length === 0 ? [] : await this.#log.describeTopics(added);
    for (const name of gone) found.delete(name);
    for (const topic of described) found.set(topic.name, topic);
    return described.length + gone.length > 0;
  }

  /** Puts groups for each topic that was found in the place of those that read a pattern. */
  expand(groups: readonly GroupSpec[]): readonly GroupSpec[] {
    return groups.flatMap((group) => {
      const [source] = group.sources;
      if (source?.named === undefined) return [group];
      return this.#foundBy(source).map(({ name }) => ({
        ...group,
        name: `${group.name}:${name}`,
        sources: group.sources.map((each) => each.named?.(name) ?? each),
      }));
    });
  }

  /** In the order of their names, so that every worker has them in the same. */
  #foundBy({ topic }: Source): readonly TopicSettings[] {
    return [...this.#topics.found.values()]
      .filter(({ name }) => this.#names.isFor(topic, name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
