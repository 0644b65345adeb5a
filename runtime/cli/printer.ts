/** The part of standard output that is used. */
export interface PrintStream {
  write(text: string): boolean;
  on(event: "drain" | "error", listener: () => void): unknown;
}

/**
 * Writes to a stream no faster than it is read. What it gives resolves with false once nobody reads
 * any more, as behind `| head`: that is no failure.
 */
export function openPrinter(stream: PrintStream): (text: string) => Promise<boolean> {
  let isOpen = true;
  let proceed: () => void = () => undefined;
  stream.on("error", () => {
    isOpen = false;
    proceed();
  });
  stream.on("drain", () => proceed());
  return async (text) => {
    if (!isOpen) return false;
    if (stream.write(text)) return true;
    await new Promise<void>((resolve) => {
      proceed = resolve;
    });
    return isOpen;
  };
}
