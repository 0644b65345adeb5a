import { StreamgenError } from "../errors.ts";

/** The views of the workers, each for the partitions that it has. */
export type ViewsOf<View> = () => Promise<readonly View[]>;

/** Asks one after the other, until one has the partition. */
export async function askAny<View, T>(
  views: ViewsOf<View>,
  question: (view: View) => Promise<T>,
): Promise<T> {
  let problem: unknown = new StreamgenError("SG8703", "no worker runs: start one by startWorker");
  for (const view of await views()) {
    try {
      return await question(view);
    } catch (error) {
      if (!(error instanceof StreamgenError && error.code === "SG8014")) throw error;
      problem = error;
    }
  }
  throw problem;
}
