/** Colours for terminals. Without them the functions leave a text as it is. */
export function paint(isOn: boolean): Readonly<Record<Tint, (text: string) => string>> {
  const tint = (open: number, close: number) => (text: string) =>
    isOn ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    error: tint(31, 39),
    warning: tint(33, 39),
    info: tint(36, 39),
    strong: tint(1, 22),
    dim: tint(2, 22),
  };
}

type Tint = "error" | "warning" | "info" | "strong" | "dim";

/** Text of the user's without what moves a terminal's cursor or turns its writing around. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) =>
    character === "\t" ? " " : "\uFFFD",
  );
