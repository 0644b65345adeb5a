/** Who wants to know of a signal: with one listener each, a thousand waits for one signal would warn. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `aborted` once when the signal is, at once where it is already. Gives what takes it back. */
export function onAbort(signal: AbortSignal, aborted: () => void): () => void {
  if (signal.aborted) {
    aborted();
    return () => undefined;
  }
  let waiting = listeners.get(signal);
  if (waiting === undefined) {
    const all = new Set<() => void>();
    waiting = all;
    listeners.set(signal, all);
    const tellAll = () => {
      for (const tell of [...all]) tell();
    };
    signal.addEventListener("abort", tellAll, { once: true });
  }
  const all = waiting;
  all.add(aborted);
  return () => void all.delete(aborted);
}
