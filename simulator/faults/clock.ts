/** Faults of the computer's clocks. The town's own time goes on as it always does; only what the controller reads is wrong. */
import type { Fault, FaultGround, Strike } from "./fault.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const where = "clock";

/** One hand at the clock at a time: two that set it would each put it right for the other. */
const setters = [
  "boot-at-1970",
  "certificate-not-yet-valid",
  "clock-ahead-six-hours",
  "clock-back-two-weeks",
  "clock-off-by-an-hour",
];
const isTampered = ({ troubles }: FaultGround): boolean => setters.some((name) => troubles.active(name));

/** Sets the clock, and sets it right again in the end, as a time source does that was lost for a while. */
function setWrong(ground: FaultGround, name: string, byMs: number): Strike | undefined {
  if (isTampered(ground)) return undefined;
  const { computer } = ground.simulation;
  const over = ground.troubles.begin(name, where);
  // A time server that tells a lie is believed; a clock that somebody set by hand has nobody to vouch for it.
  const sure = ground.random.chance(0.5) ? undefined : computer.wall.loseSource();
  computer.wall.jump(byMs);
  return {
    where,
    end: () => {
      over();
      computer.wall.jump(-byMs);
      sure?.();
    },
  };
}

/** The computer starts again without its network, and has no clock that ran on meanwhile. */
export function bootAt1970(ground: FaultGround, name: string): Strike | undefined {
  const { simulation, troubles, random } = ground;
  const { computer, clock } = simulation;
  if (isTampered(ground) || !computer.isPowered) return undefined;
  const over = troubles.begin(name, where);
  const sourceBack = computer.wall.loseSource();
  computer.powerLost();
  // Half a day after the epoch: late enough for every time zone.
  const byMs = dayMs / 2 - clock.wallMs();
  computer.wall.jump(byMs);
  clock.after(random.between(1, 5) * 1_000, () => computer.powerBack());
  return {
    where,
    end: () => {
      over();
      computer.wall.jump(-byMs);
      sourceBack();
    },
  };
}

export const clockFaults: readonly Fault[] = [
  {
    id: "C1",
    name: "boot-at-1970",
    kind: "clock",
    says: { zh: "主机重启后时钟回到 1970 年", en: "the computer starts again and its clock stands at 1970" },
    expects: "timers run as ever; codes are judged by the newest time that is known, or refused with a reason",
    invariants: ["I15", "I28"],
    perDay: 1.5,
    lastsS: [120, 1_800],
    strike: (ground) => bootAt1970(ground, "boot-at-1970"),
  },
  {
    id: "C2",
    name: "clock-ahead-six-hours",
    kind: "clock",
    says: { zh: "时钟突然快 6 小时", en: "the clock jumps six hours ahead" },
    expects: "no lease, timer or interlock changes",
    invariants: ["I28"],
    perDay: 1.5,
    lastsS: [60, 900],
    strike: (ground) => setWrong(ground, "clock-ahead-six-hours", 6 * hourMs),
  },
  {
    id: "C3",
    name: "clock-back-two-weeks",
    kind: "clock",
    says: { zh: "时钟突然倒退两周", en: "the clock jumps two weeks back" },
    expects: "no code that was used up or had expired opens anything again",
    invariants: ["I15", "I28"],
    perDay: 1.5,
    lastsS: [60, 900],
    strike: (ground) => setWrong(ground, "clock-back-two-weeks", -14 * dayMs),
  },
  {
    id: "C4",
    name: "clock-drifts",
    kind: "clock",
    says: { zh: "时钟每分钟偏差 1 秒", en: "the clock gains or loses a second a minute" },
    expects: "a code holds no longer than its own time and the allowed difference",
    invariants: ["I15", "I28"],
    perDay: 1.5,
    lastsS: [1_800, 7_200],
    strike: ({ simulation: { computer }, troubles, random }) => {
      if (troubles.active("clock-drifts")) return undefined;
      const { wall } = computer;
      const over = troubles.begin("clock-drifts", where);
      const sourceBack = wall.loseSource();
      const gainedMs = wall.gainedMs;
      wall.drift((random.chance(0.5) ? 1 : -1) / 60);
      return {
        where,
        end: () => {
          over();
          wall.drift(0);
          wall.jump(gainedMs - wall.gainedMs);
          sourceBack();
        },
      };
    },
  },
  {
    id: "C5",
    name: "clock-off-by-an-hour",
    kind: "clock",
    says: {
      zh: "夏令时、时区或闰秒：时钟错一小时或一秒",
      en: "summer time, a time zone or a leap second: the clock is off by an hour or a second",
    },
    expects: "nothing that happens once a day happens twice, or never",
    invariants: ["I28"],
    perDay: 1.5,
    lastsS: [60, 7_200],
    strike: (ground) => setWrong(ground, "clock-off-by-an-hour", ground.random.pick([hourMs, -hourMs, 1_000, -1_000])),
  },
  {
    id: "C6",
    name: "process-paused-a-minute",
    kind: "clock",
    says: { zh: "控制进程停顿 60 秒", en: "the controller stands still for a minute" },
    expects: "every lease has run out meanwhile; it sees again before it switches anything on",
    invariants: ["I3", "I19", "I28"],
    perDay: 2,
    lastsS: [60, 60],
    strike: ({ simulation: { computer }, troubles }) => {
      if (!computer.isAlive || computer.standsStill) return undefined;
      const over = troubles.begin("process-paused-a-minute", "controller");
      const goOn = computer.standStill();
      return {
        where: "controller",
        end: () => {
          over();
          goOn();
        },
      };
    },
  },
];
