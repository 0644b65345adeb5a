export interface Rate {
  readonly perSecond: number;
  /** Of all threads, for a million. */
  readonly cpuSeconds: number;
}

export interface Measured extends Rate {
  readonly note: string;
}

/** Gives what tells, for so much work, the rate and the CPU time since. */
export function stopwatch(): (work: number) => Rate {
  const cpu = process.cpuUsage();
  const begunMs = performance.now();
  return (work) => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      perSecond: (work / (performance.now() - begunMs)) * 1000,
      cpuSeconds: (user + system) / work,
    };
  };
}
