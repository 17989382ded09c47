/** What happens to frames on a line: bits that flip, ends that are missing, answers that come late or stick together. */
import type { LineFaults } from "../fault-types.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { type LineTarget, linesOf, take } from "./targets.ts";

/** Sets what is wrong with the frames of one line, and what was there before at the end. */
function spoilLine(
  ground: FaultGround,
  name: string,
  wrong: Partial<LineFaults>,
  lines: readonly LineTarget[] = linesOf(ground),
): Strike | undefined {
  const taken = take(ground, name, Object.keys(wrong).sort().join(" and "), lines);
  if (taken === undefined) return undefined;
  const { faults } = ground.simulation.world.line(taken.target.path);
  const before = { ...faults };
  Object.assign(faults, wrong);
  return taken.until(() => {
    for (const key of Object.keys(wrong) as (keyof LineFaults)[]) Object.assign(faults, { [key]: before[key] });
  });
}

/** Nobody is asked on the line of a reader, so nothing is late or doubled there. */
const askedLines = (ground: FaultGround): LineTarget[] =>
  linesOf(ground).filter(({ devices }) => devices.some(({ kind }) => kind !== "gm65"));

/** Lines on which both directions share one pair of wires: an adapter that does not switch its receiver off hears itself. */
const sharedLines = (ground: FaultGround): LineTarget[] =>
  linesOf(ground).filter(({ devices }) =>
    devices.some(({ kind }) => kind !== "gm65" && kind !== "jbd" && kind !== "pn532"),
  );

export const frameFaults: readonly Fault[] = [
  {
    id: "B1",
    name: "bits-flip",
    kind: "bus",
    says: { zh: "线路干扰，数据位翻转", en: "bits flip on a line" },
    expects: "checksums reject what is wrong; after three tries the device is unknown",
    invariants: ["I23"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) => {
      const share = ground.random.between(0.02, 0.4);
      return spoilLine(ground, "bits-flip", { corruptReply: share, corruptRequest: share });
    },
  },
  {
    id: "B2",
    name: "answers-cut-short",
    kind: "bus",
    says: { zh: "应答帧被截断", en: "the ends of answers are missing" },
    expects: "a cut frame is waited for in vain, and the line is found again after a silence",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) =>
      spoilLine(ground, "answers-cut-short", { truncateReply: ground.random.between(0.05, 0.6) }, askedLines(ground)),
  },
  {
    id: "B3",
    name: "garbage-before-answers",
    kind: "bus",
    says: { zh: "应答前出现杂散字节", en: "stray bytes come before answers" },
    expects: "garbage is skipped or the answer is rejected; nothing is half read",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) => spoilLine(ground, "garbage-before-answers", { garbageBefore: ground.random.between(0.1, 0.9) }),
  },
  {
    id: "B4",
    name: "answers-stick-together",
    kind: "bus",
    says: { zh: "两帧粘连", en: "two answers come as one piece" },
    expects: "the first is matched, the rest thrown away, the line drained",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) =>
      spoilLine(
        ground,
        "answers-stick-together",
        { mergeReplies: ground.random.between(0.1, 0.9) },
        askedLines(ground),
      ),
  },
  {
    id: "B5",
    name: "answers-late",
    kind: "bus",
    says: { zh: "超时后才到的应答", en: "answers come after their time is over" },
    expects: "a late answer is thrown away and never answers the next question",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) => {
      const { random } = ground;
      const late = { delayReply: random.between(0.1, 0.7), delayMs: random.between(150, 1_200) };
      return spoilLine(ground, "answers-late", late, askedLines(ground));
    },
  },
  {
    id: "B8",
    name: "line-dead",
    kind: "bus",
    says: { zh: "线路无应答", en: "nothing on a line answers" },
    expects: "everything on it is unknown; chargers and heaters behind it are off within two seconds",
    invariants: ["I3", "I8"],
    perDay: 2,
    lastsS: [3, 600],
    strike: (ground) => spoilLine(ground, "line-dead", { silent: true }),
  },
  {
    id: "B9",
    name: "own-echo",
    kind: "bus",
    says: { zh: "适配器收到自己的回波", en: "the adapter hears itself" },
    expects: "what comes back is known for one's own words and passed over",
    invariants: ["I24"],
    perDay: 1,
    lastsS: [10, 600],
    strike: (ground) => {
      const { world } = ground.simulation;
      const deaf = sharedLines(ground).filter(({ path }) => !world.line(path).faults.echo);
      return spoilLine(ground, "own-echo", { echo: true }, deaf);
    },
  },
];
