/** What the text of a setting has to be. */
export interface SettingKind<Value> {
  /** Follows "use": what a person is told to write. */
  readonly expected: string;
  /** `undefined` for a text that is none. */
  readonly parse: (text: string) => Value | undefined;
}

/** A broker by name or address, and its port. */
const brokerShape = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/;
const threadsMax = 64;

export const anyText: SettingKind<string> = {
  expected: "a text",
  parse: (text) => (text.trim() === "" ? undefined : text),
};

export const brokers: SettingKind<readonly string[]> = {
  expected: "host:port, or several with commas between them",
  parse(text) {
    const list = text.split(",").map((broker) => broker.trim());
    const isList = list.every((broker) => isPort(brokerShape.exec(broker)?.[1]));
    return isList ? list : undefined;
  },
};

export const url: SettingKind<string> = {
  expected: "an address such as https://host/path, without user and password",
  parse: (text) => (isWebAddress(text) ? text : undefined),
};

export const urls: SettingKind<readonly string[]> = {
  expected:
    "addresses such as https://host:8081 with commas between them, without user and password",
  parse(text) {
    const list = text.split(",").map((each) => each.trim());
    return list.every(isWebAddress) ? list : undefined;
  },
};

export const onOrOff: SettingKind<boolean> = {
  expected: "true or false",
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

export const workerName: SettingKind<string> = {
  expected: 'a name of 1 to 200 letters, digits, ".", "_" or "-"',
  parse: (text) => (/^[A-Za-z0-9._-]{1,200}$/.test(text) ? text : undefined),
};

export const threadCount: SettingKind<number | "auto"> = {
  expected: `a whole number from 1 to ${threadsMax}, or auto`,
  parse: (text) => (text === "auto" ? text : whole(1, threadsMax).parse(text)),
};

export function whole(min: number, max: number): SettingKind<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function choice<Choice extends string>(
  ...choices: readonly [Choice, ...Choice[]]
): SettingKind<Choice> {
  return {
    expected: `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`,
    parse: (text) => choices.find((each) => each === text),
  };
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && Number(text) > 0 && Number(text) < 65_536;
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}
