/**
 * What a run meant for the people in the room: how warm it was, what was given, what was refused and why, what alarmed, what it
 * cost. Figures come from the room itself; only reasons and alarms are the controller's own words. It judges nothing.
 */
import type { JournalRecord } from "../services/journal/records.ts";
import type { VirtualClock } from "./clock.ts";
import type { PowerCuts } from "./power-cuts.ts";
import type { RoomBook } from "./room/person.ts";
import type { RoomScene } from "./room/scene.ts";

const everyMs = 60_000;

interface Band {
  minC: number;
  maxC: number;
  sumC: number;
  looks: number;
}

const newBand = (): Band => ({ minC: Number.POSITIVE_INFINITY, maxC: Number.NEGATIVE_INFINITY, sumC: 0, looks: 0 });

function add(band: Band, tempC: number): void {
  band.minC = Math.min(band.minC, tempC);
  band.maxC = Math.max(band.maxC, tempC);
  band.sumC += tempC;
  band.looks++;
}

export interface TempBand {
  readonly minC: number;
  readonly meanC: number;
  readonly maxC: number;
}

export interface RoomReport {
  readonly outdoors: TempBand;
  /** All the time, and while somebody was there. */
  readonly room: TempBand;
  readonly roomWithPeople: TempBand;
  readonly cans: TempBand;
  readonly energyKwh: Readonly<Record<string, number>>;
  readonly people: Omit<RoomBook, "refusals">;
  readonly refusals: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  readonly power: { readonly mainsCuts: number; readonly computerCuts: number; readonly darkMinutes: number };
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const told = ({ minC, maxC, sumC, looks }: Band): TempBand =>
  looks === 0 ? { minC: 0, meanC: 0, maxC: 0 } : { minC: round(minC), meanC: round(sumC / looks), maxC: round(maxC) };

/** Looks at the room once a minute, and listens to what the controller raises. */
export class RoomGauge {
  private readonly outdoors = newBand();
  private readonly room = newBand();
  private readonly withPeople = newBand();
  private readonly cans = newBand();
  private readonly alarms: Record<string, number> = {};
  private readonly scene: RoomScene;

  constructor(scene: RoomScene, clock: VirtualClock) {
    this.scene = scene;
    const look = (): void => {
      this.look();
      clock.after(everyMs, look);
    };
    clock.after(everyMs, look);
  }

  private look(): void {
    const { room } = this.scene;
    const { airC, outdoorC } = room.shell;
    add(this.outdoors, outdoorC);
    add(this.room, airC);
    if (room.people > 0) add(this.withPeople, airC);
    if (room.fridge !== undefined) add(this.cans, room.fridge.cansC);
  }

  recorded(record: JournalRecord): void {
    if (record.kind === "fault-raised") this.alarms[record.code] = (this.alarms[record.code] ?? 0) + 1;
  }

  report(cuts: PowerCuts | undefined): RoomReport {
    const { book, room } = this.scene;
    const { refusals, warmMinutes, ...people } = book;
    const energyKwh = Object.fromEntries(Object.entries(room.energyKwh()).map(([what, kwh]) => [what, round(kwh)]));
    return {
      outdoors: told(this.outdoors),
      room: told(this.room),
      roomWithPeople: told(this.withPeople),
      cans: told(this.cans),
      energyKwh,
      people: { ...people, warmMinutes: Math.round(warmMinutes) },
      refusals,
      alarms: this.alarms,
      power: {
        mainsCuts: cuts?.mains ?? 0,
        computerCuts: cuts?.computers ?? 0,
        darkMinutes: Math.round((cuts?.darkMs ?? 0) / 60_000),
      },
    };
  }
}

type Language = "zh" | "en";

const words = {
  room: { zh: "室温", en: "room" },
  withPeople: { zh: "有人时", en: "with people" },
  outdoors: { zh: "室外", en: "outdoors" },
  cans: { zh: "饮料", en: "cans" },
  energy: { zh: "房间用电", en: "room energy" },
  heater: { zh: "采暖", en: "heating" },
  cooler: { zh: "制冷", en: "cooling" },
  fridge: { zh: "冰箱", en: "fridge" },
  hotWater: { zh: "热水", en: "hot water" },
  other: { zh: "照明及其他", en: "light and the rest" },
  served: { zh: "进门服务", en: "people let in" },
  of: { zh: "来访", en: "visits" },
  notLetIn: { zh: "未能进门", en: "not let in" },
  dark: { zh: "其中停电或重启中", en: "without power or controller" },
  left: { zh: "离开", en: "left" },
  late: { zh: "超过1秒", en: "later than 1 s" },
  hours: { zh: "停留人时", en: "hours of shelter" },
  drinks: { zh: "领取饮料", en: "drinks" },
  cups: { zh: "热水", en: "cups of hot water" },
  phones: { zh: "手机充电", en: "phones charged" },
  meals: { zh: "热饭", en: "meals warmed" },
  packages: { zh: "关爱礼包", en: "care packages" },
  dryers: { zh: "烘干", en: "clothes dried" },
  help: { zh: "求助", en: "calls for help" },
  aed: { zh: "取用AED", en: "AED taken" },
  restocks: { zh: "补货", en: "restocks" },
  cleared: { zh: "清理超时格", en: "lockers cleared" },
  refusals: { zh: "谢绝（均有说明）", en: "refused, in words" },
  alarms: { zh: "告警", en: "alarms" },
  none: { zh: "无", en: "none" },
  power: { zh: "停电", en: "power cuts" },
  mains: { zh: "市电", en: "mains" },
  computer: { zh: "控制器", en: "controller alone" },
  minutes: { zh: "分钟无电", en: "min in the dark" },
} as const;

const band = ({ minC, meanC, maxC }: TempBand): string => `${minC} … ${maxC} °C (⌀ ${meanC})`;

/** The most frequent first; a page has no place for all. */
function most(counts: Readonly<Record<string, number>>, none: string): string {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return sorted.length === 0 ? none : sorted.map(([what, times]) => `${what} ${times}`).join(", ");
}

export function roomPage(report: RoomReport, language: Language): string[] {
  const say = (key: keyof typeof words): string => words[key][language];
  const { people, energyKwh, power } = report;
  const spent = Object.entries(energyKwh).map(([what, kwh]) => `${say(what as keyof typeof words)} ${kwh}`);
  const total = round(Object.values(energyKwh).reduce((sum, kwh) => sum + kwh, 0));
  return [
    `  ${say("room")}: ${band(report.room)}; ${say("withPeople")} ${band(report.roomWithPeople)}; ${say("outdoors")} ${band(report.outdoors)}`,
    `  ${say("energy")}: ${total} kWh (${spent.join(", ")})`,
    `  ${say("served")}: ${people.letIn} / ${people.visits} ${say("of")}; ${say("notLetIn")} ${people.notLetIn} (${say("dark")} ${people.notLetInDark}); ${say("left")} ${people.exits} (${say("late")} ${people.exitsLate}); ${say("hours")} ${Math.round(people.warmMinutes / 60)}`,
    `  ${say("drinks")} ${people.drinks} (${say("cans")} ${band(report.cans)}), ${say("cups")} ${people.cups}, ${say("phones")} ${people.phonesOut}, ${say("meals")} ${people.microwaves}, ${say("dryers")} ${people.dryers}, ${say("packages")} ${people.packages}, ${say("help")} ${people.helpCalls}, ${say("aed")} ${people.aedTaken}, ${say("restocks")} ${people.restocks}, ${say("cleared")} ${people.lockersCleared}`,
    `  ${say("refusals")}: ${most(report.refusals, say("none"))}`,
    `  ${say("alarms")}: ${most(report.alarms, say("none"))}`,
    ...(power.mainsCuts + power.computerCuts === 0
      ? []
      : [
          `  ${say("power")}: ${say("mains")} ${power.mainsCuts}, ${say("computer")} ${power.computerCuts}, ${power.darkMinutes} ${say("minutes")}`,
        ]),
  ];
}
