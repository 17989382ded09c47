/** A log of several small segments, and the means to spoil it. */
import { Buffer } from "node:buffer";
import { event, makeRig, note } from "./log-rig.ts";

export const SIZES = { segmentBytes: 4_096, maxBytes: 64 * 4_096 };
export const FIRST = "log-00000001.yzl";
export const SECOND = "log-00000002.yzl";

export function written(count = 60, seed = "damage") {
  const rig = makeRig(seed);
  let folded = 0;
  const options = { ...SIZES, checkpoint: () => ({ kind: "checkpoint", folded }) as const };
  const { log } = rig.open(options);
  log.start();
  for (let seq = 1; seq <= count; seq++) {
    const failure = rig.append(log, seq % 2 ? note(seq, "x".repeat(80)) : event(seq));
    if (failure !== undefined) throw new Error(failure.message);
    folded = seq;
    rig.pass(20);
  }
  const { disk } = rig;
  const lines = (file: string) => Buffer.from(disk.read(file)).toString("latin1").split("\n").slice(0, -1);
  const rewrite = (file: string, change: (lines: string[]) => string[]) =>
    disk.put(
      file,
      Buffer.from(
        change(lines(file))
          .map((line) => `${line}\n`)
          .join(""),
        "latin1",
      ),
    );
  const last = disk.names().at(-1) as string;
  const spoil = (file: string, line: number) => {
    const offset = lines(file).slice(0, line).join("\n").length + 60;
    disk.flip(file, offset, 1);
  };
  return { ...rig, log, open: () => rig.open(options), lines, rewrite, last, spoil, head: log.head() };
}
