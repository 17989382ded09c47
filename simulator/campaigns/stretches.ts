/**
 * A winter cut into stretches that are played side by side, each in a process of its own. Every stretch begins on its own night with
 * a station that was newly put up, so what shows itself only after more days than a stretch has is not shown: that takes the same
 * winter in one stretch. It judges nothing and adds nothing up that cannot be added.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WinterResult } from "./winter.ts";

/** What one process is to play. */
export interface Stretch {
  readonly configFile: string;
  /** As it is to stand in the report. */
  readonly configPath: string;
  readonly seed: string;
  readonly firstDay: number;
  readonly days: number;
  readonly arrivalsPerDay: number;
  readonly unheated: boolean;
}

/** What a process says meanwhile, and at its end. */
export type StretchNews =
  | { readonly type: "reached"; readonly share: number; readonly completed: number; readonly broken: number }
  | { readonly type: "done"; readonly result: WinterResult };

/** Told whenever one of them has got on: of the whole, by all of them. "enough" ends them where they are. */
export type StretchProgress = (share: number, completed: number, broken: number) => Promise<"enough" | undefined>;

/**
 * How a worker's garbage is collected. A day makes and drops so many objects that the default room for young ones, 16 MB, is looked
 * through too often (measured: 6 to 9 % of the time of a winter), and threads that help one worker collect take the core of
 * another (measured side by side: 8 %).
 */
const workerFlags = ["--max-semi-space-size=64", "--single-threaded-gc"];

const workerFile = fileURLToPath(new URL("../cli/stretch-worker.js", import.meta.url));

/** Stretches of equal length; their seeds are counted up from `seed`, as a number. */
export function cutWinter(winter: Stretch, count: number): Stretch[] {
  const days = winter.days / count;
  return Array.from({ length: count }, (_unused, at) => ({
    ...winter,
    seed: String(Number(winter.seed) + at),
    firstDay: winter.firstDay + at * days,
    days,
  }));
}

/** Undefined stands for one whose process died. */
export async function playStretches(
  stretches: readonly Stretch[],
  progress: StretchProgress,
): Promise<readonly (WinterResult | undefined)[]> {
  const reached = stretches.map(() => ({ share: 0, completed: 0, broken: 0 }));
  const children: ChildProcess[] = [];
  const sum = (of: "share" | "completed" | "broken"): number => reached.reduce((all, one) => all + one[of], 0);
  return Promise.all(
    stretches.map((stretch, at) =>
      playOne(stretch, {
        started: (child) => children.push(child),
        reached: async (news) => {
          reached[at] = news;
          const answer = await progress(sum("share") / stretches.length, sum("completed"), sum("broken"));
          if (answer === "enough") for (const child of children) if (child.connected) child.send("enough");
        },
      }),
    ),
  );
}

interface Ears {
  started(child: ChildProcess): void;
  reached(news: Extract<StretchNews, { type: "reached" }>): void;
}

function playOne(stretch: Stretch, ears: Ears): Promise<WinterResult | undefined> {
  return new Promise((resolve) => {
    const child = fork(workerFile, { execArgv: workerFlags, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("exit", () => resolve(undefined));
    child.on("message", (news: StretchNews) => {
      if (news.type === "reached") ears.reached(news);
      else {
        resolve(news.result);
        child.disconnect();
      }
    });
    ears.started(child);
    child.send(stretch);
  });
}
