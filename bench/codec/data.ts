/** Records with the sizes and words of real ones, the same in every run. */
import { devices, statuses } from "./shapes.ts";

/** Numbers from 0 to `n` - 1. */
type Dice = (n: number) => number;

function dice(seed: number): Dice {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
}

/** Made anew from bytes, as text that comes from outside is: flat, and in no table of known strings. */
const fresh = (text: string): string => Buffer.from(text).toString();

function uuid(roll: Dice): string {
  const hex = Array.from({ length: 32 }, () => roll(16).toString(16)).join("");
  return fresh(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
}

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`no item ${index}`);
  return found;
};

function order(roll: Dice): object {
  return {
    id: uuid(roll),
    customer: fresh(`cust-${roll(100_000)}`),
    amount: roll(1_000_000) / 100,
    quantity: 1 + roll(100),
    createdAt: 1_760_000_000_000 + roll(1_000_000_000),
    status: at(statuses, roll(4)),
  };
}

const interactions = ["click", "scroll", "mousemove", "focus", "keydown"];
const properties = ["utm_source", "utm_medium", "locale", "experiment"];

function pageView(roll: Dice): object {
  return {
    viewId: uuid(roll),
    userId: roll(1_000_000_000),
    url: fresh(`https://shop.example.test/p/${roll(100_000)}?ref=${roll(999)}`),
    ts: 1_760_000_000_000 + roll(1_000_000_000),
    referrer: roll(2) === 0 ? null : fresh(`https://search.example.test/${roll(1000)}`),
    duration: roll(2) === 0 ? null : roll(60_000),
    device: at(devices, roll(3)),
    events: Array.from({ length: 5 }, () => ({
      name: at(interactions, roll(5)),
      x: roll(2000) - 50,
      y: roll(2000),
      t: roll(1_000_000) / 1000,
      trusted: roll(2) === 0,
    })),
    props: Object.fromEntries(properties.map((name) => [name, fresh(`v${roll(1000)}`)])),
    payload: Buffer.from(Array.from({ length: 32 }, () => roll(256))),
  };
}

const words = [
  ...["étude", "naïve", "größe", "москва", "北京", "東京都", "señor", "hello", "stream", "table"],
  ...["Ω-mega", "🙂ok", "kafka", "windowed", "façade", "дорога"],
];

function article(roll: Dice): object {
  const text = (count: number): string =>
    fresh(Array.from({ length: count }, () => at(words, roll(words.length))).join(" "));
  return {
    id: uuid(roll),
    title: text(6),
    author: text(2),
    city: text(1),
    body: text(40),
    tags: [text(1), text(1), text(1)],
  };
}

const makers: Readonly<Record<string, (roll: Dice) => object>> = {
  Order: order,
  PageView: pageView,
  Article: article,
};

/** `count` records of a shape. */
export function records(shape: string, count: number): readonly object[] {
  const make = makers[shape];
  if (make === undefined) throw new Error(`no shape ${shape}`);
  const roll = dice(12_345);
  return Array.from({ length: count }, () => make(roll));
}
