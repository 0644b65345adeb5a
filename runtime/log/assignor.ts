import type { TopicPartition } from "./log.ts";
import { partitionKey } from "./partition-key.ts";

/** A member as the assignor sees it. */
export interface AssignedMember {
  readonly id: string;
  readonly topics: readonly string[];
  readonly copartitioned: readonly (readonly string[])[];
  /** What it has: it keeps as much of it as balance allows. */
  readonly owned: readonly TopicPartition[];
}

/** Partitions that go to one member together. */
interface Unit {
  /** Units of one family are spread evenly, so that no member gets all the heavy ones. */
  readonly family: string;
  readonly partitions: readonly TopicPartition[];
  readonly eligible: readonly string[];
}

/**
 * Divides the partitions of the members' topics among the members: equal partitions of co-partitioned
 * topics together, each family of units evenly, then all units evenly, and as few moves as that takes.
 * The same input gives the same answer on every member.
 */
export function assignPartitions(
  members: readonly AssignedMember[],
  partitionsByTopic: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const units = listUnits(members, partitionsByTopic);
  const plan = new Plan(units, members);
  plan.keepOwned();
  plan.placeRest();
  plan.balanceFamilies();
  plan.balanceTotals();
  return plan.result();
}

function listUnits(
  members: readonly AssignedMember[],
  partitionsByTopic: ReadonlyMap<string, number>,
): Unit[] {
  const units: Unit[] = [];
  for (const topics of families(members)) {
    const eligible = members.filter((member) => topics.every((one) => member.topics.includes(one)));
    // Members of two versions may name different topics together: then each topic stands alone.
    const groups = eligible.length > 0 ? [topics] : topics.map((topic) => [topic]);
    for (const group of groups) units.push(...familyUnits(group, members, partitionsByTopic));
  }
  return units;
}

function familyUnits(
  topics: readonly string[],
  members: readonly AssignedMember[],
  partitionsByTopic: ReadonlyMap<string, number>,
): Unit[] {
  const eligible = members
    .filter((member) => topics.every((topic) => member.topics.includes(topic)))
    .map((member) => member.id);
  const count = Math.max(0, ...topics.map((topic) => partitionsByTopic.get(topic) ?? 0));
  return Array.from({ length: count }, (_, partition) => ({
    family: topics.join(" "),
    eligible,
    partitions: topics
      .filter((topic) => partition < (partitionsByTopic.get(topic) ?? 0))
      .map((topic) => ({ topic, partition })),
  }));
}

/** The topics, sorted, those together that any member says belong together. */
function families(members: readonly AssignedMember[]): string[][] {
  const familyByTopic = new Map<string, Set<string>>();
  for (const topic of members.flatMap((member) => member.topics)) {
    familyByTopic.set(topic, new Set([topic]));
  }
  for (const together of members.flatMap((member) => member.copartitioned)) {
    const joined = new Set(together.flatMap((topic) => [...(familyByTopic.get(topic) ?? [])]));
    for (const topic of joined) familyByTopic.set(topic, joined);
  }
  return [...new Set(familyByTopic.values())]
    .map((family) => [...family].sort())
    .sort((a, b) => compareText(a.join(" "), b.join(" ")));
}

/** Code unit order, whatever the locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Who gets what, while it is being worked out. */
class Plan {
  readonly #units: readonly Unit[];
  readonly #members: readonly AssignedMember[];
  readonly #ids: readonly string[];
  readonly #families: readonly string[];
  readonly #ownerByUnit = new Map<Unit, string>();
  /** Units by member, and by member and family. */
  readonly #loads = new Map<string, number>();

  constructor(units: readonly Unit[], members: readonly AssignedMember[]) {
    this.#units = units;
    this.#members = members;
    this.#ids = members.map((member) => member.id).sort(compareText);
    this.#families = [...new Set(units.map((unit) => unit.family))];
  }

  keepOwned(): void {
    const ownerByPartition = new Map<string, string>();
    for (const member of this.#members) {
      for (const partition of member.owned) {
        ownerByPartition.set(partitionKey(partition), member.id);
      }
    }
    for (const unit of this.#units) {
      const owners = unit.partitions.map((one) => ownerByPartition.get(partitionKey(one)));
      const owner = owners.find((id) => id !== undefined && unit.eligible.includes(id));
      if (owner !== undefined) this.#give(unit, owner);
    }
  }

  placeRest(): void {
    for (const unit of this.#units) {
      if (this.#ownerByUnit.has(unit)) continue;
      const owner = this.#least(unit.eligible, unit.family);
      if (owner !== undefined) this.#give(unit, owner);
    }
  }

  balanceFamilies(): void {
    for (const family of this.#families) {
      while (this.#moveWithin(family)) {
        // Each move brings two members closer, so there is a last one.
      }
    }
  }

  balanceTotals(): void {
    while (this.#moveAnywhere()) {
      // Each move lowers the sum of the squares of the totals, so there is a last one.
    }
  }

  result(): ReadonlyMap<string, readonly TopicPartition[]> {
    const result = new Map<string, TopicPartition[]>(this.#members.map(({ id }) => [id, []]));
    for (const [unit, owner] of this.#ownerByUnit) result.get(owner)?.push(...unit.partitions);
    for (const partitions of result.values()) {
      partitions.sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition);
    }
    return result;
  }

  #give(unit: Unit, receiver: string): void {
    const donor = this.#ownerByUnit.get(unit);
    if (donor !== undefined) this.#addLoad(unit, donor, -1);
    this.#ownerByUnit.set(unit, receiver);
    this.#addLoad(unit, receiver, 1);
  }

  #addLoad(unit: Unit, id: string, by: number): void {
    this.#loads.set(id, this.#load(id) + by);
    this.#loads.set(`${id} ${unit.family}`, this.#load(id, unit.family) + by);
  }

  #load(id: string, family?: string): number {
    return this.#loads.get(family === undefined ? id : `${id} ${family}`) ?? 0;
  }

  #least(ids: readonly string[], family: string): string | undefined {
    return [...ids].sort(
      (a, b) =>
        this.#load(a, family) - this.#load(b, family) ||
        this.#load(a) - this.#load(b) ||
        compareText(a, b),
    )[0];
  }

  #moveWithin(family: string): boolean {
    const eligible = this.#units.find((unit) => unit.family === family)?.eligible ?? [];
    const receiver = this.#least(eligible, family);
    const donor = [...eligible].sort(
      (a, b) =>
        this.#load(b, family) - this.#load(a, family) ||
        this.#load(b) - this.#load(a) ||
        compareText(a, b),
    )[0];
    if (receiver === undefined || donor === undefined) return false;
    if (this.#load(donor, family) - this.#load(receiver, family) < 2) return false;
    return this.#move(donor, receiver, family);
  }

  #moveAnywhere(): boolean {
    const byLoad = [...this.#ids].sort(
      (a, b) => this.#load(b) - this.#load(a) || compareText(a, b),
    );
    return byLoad.some((donor) =>
      byLoad.toReversed().some((receiver) => this.#moveBetween(donor, receiver)),
    );
  }

  #moveBetween(donor: string, receiver: string): boolean {
    if (this.#load(donor) - this.#load(receiver) < 2) return false;
    return this.#families.some(
      (family) =>
        this.#load(donor, family) > this.#load(receiver, family) &&
        this.#move(donor, receiver, family),
    );
  }

  /** Moves the donor's last unit of the family that the receiver may have. */
  #move(donor: string, receiver: string, family: string): boolean {
    const unit = this.#units.findLast(
      (one) =>
        one.family === family &&
        this.#ownerByUnit.get(one) === donor &&
        one.eligible.includes(receiver),
    );
    if (unit === undefined) return false;
    this.#give(unit, receiver);
    return true;
  }
}
