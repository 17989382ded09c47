/** What bays, cabinets and the room refer to must exist, be of the right kind, have that many contacts, and serve nobody else. */
import { closest } from "./nearest.ts";
import { type Bilingual, byPosition, type Detail, type Located, type Locator, locate, same } from "./problem.ts";
import type { DeviceEntry, DeviceKind } from "./schema-wiring.ts";
import type { KnownDevice, Survey } from "./survey.ts";
import { type RoleRule, useRules } from "./use-rules.ts";
import type { Use } from "./uses.ts";
import { alreadyOn, firstFree, repeated } from "./wiring-checks.ts";

const points: Readonly<Record<NonNullable<RoleRule["point"]>, Bilingual>> = {
  channel: { zh: "通道", en: "channel" },
  input: { zh: "输入", en: "input" },
  relay: { zh: "继电器", en: "relay" },
};

/** Waveshare Modbus RTU Relay (D) 8CH: eight relays and eight inputs. */
const RELAY_BOARD_POINTS = 8;

interface Context {
  readonly survey: Survey;
  readonly locator: Locator;
  readonly known: ReadonlyMap<string, KnownDevice>;
  readonly devices: ReadonlyMap<string, DeviceEntry>;
}

/** Undefined when the entry names no kind there is: then nothing more is held against it. */
const fits = ({ kinds }: RoleRule, kind: DeviceKind | undefined): boolean => kind === undefined || kinds.includes(kind);

function ofKind(context: Context, { kinds }: RoleRule): string[] {
  return [...context.known.values()]
    .filter(({ kind }) => kind !== undefined && kinds.includes(kind))
    .map(({ id }) => id);
}

/** A device of the right kind with the closest name, one that nobody uses if there is any. */
function replacement(context: Context, rule: RoleRule, id: string): string | undefined {
  const { point } = rule;
  const right = ofKind(context, rule);
  const used = new Set(context.survey.uses.flatMap(({ on }) => (on.is === "device" ? [on.device] : [])));
  const free = point === undefined ? right.filter((candidate) => !used.has(candidate)) : right;
  return closest(id, free.length > 0 ? free : right);
}

function wrongDevice(use: Use, context: Context): Located[] {
  if (use.on.is !== "device") return [];
  const { device } = use.on;
  const wanted = useRules[use.role];
  const found = context.known.get(device);
  if (found !== undefined && fits(wanted, found.kind)) return [];
  const detail: Detail = {
    code: found === undefined ? "E_CFG_NO_SUCH_DEVICE" : "E_CFG_WRONG_KIND",
    message:
      found === undefined
        ? { zh: `设备 ${device} 不存在`, en: `names the device ${device}, which does not exist` }
        : {
            zh: `${device} 是 ${found.kind}，不能用作${wanted.words.zh}`,
            en: `${device} is a ${found.kind} and cannot be ${wanted.words.en}`,
          },
    expected: {
      zh: `类型为 ${wanted.kinds.join(" 或 ")} 的设备`,
      en: `a device of kind ${wanted.kinds.join(" or ")}`,
    },
    nearest: replacement(context, wanted, device),
  };
  return [locate(context.locator, [...use.path, "device"], "value", detail)];
}

function pointsOf(device: DeviceEntry | undefined): number | undefined {
  if (device?.kind === "lock-8a") return device.channels;
  return device?.kind === "waveshare-relay-d" ? RELAY_BOARD_POINTS : undefined;
}

function beyond(use: Use, context: Context): Located[] {
  const { point } = useRules[use.role];
  if (use.on.is !== "device" || typeof use.on.point !== "number" || point === undefined) return [];
  const device = context.devices.get(use.on.device);
  const count = pointsOf(device);
  if (device === undefined || !fits(useRules[use.role], device.kind) || count === undefined || use.on.point <= count)
    return [];
  const { zh, en } = points[point];
  const detail: Detail = {
    code: "E_CFG_CHANNEL_BEYOND",
    message: {
      zh: `${device.id} 没有${zh} ${use.on.point}`,
      en: `${device.id} has no ${en} ${use.on.point}`,
    },
    expected: { zh: `1 到 ${count}`, en: `1 to ${count}` },
    nearest: String(count),
  };
  return [locate(context.locator, [...use.path, point], "value", detail)];
}

/** What a use occupies: a contact of a device, a header line, or the device as a whole. */
function occupied(use: Use): string {
  if (use.on.is === "gpio") return `gpio ${use.on.gpio}`;
  const { point } = useRules[use.role];
  if (point === undefined) return use.on.point === undefined ? use.on.device : `${use.on.device} ${use.on.point}`;
  return `${use.on.device} ${point} ${use.on.point}`;
}

function occupiedWords(use: Use): Bilingual {
  if (use.on.is === "gpio") return same(`gpio ${use.on.gpio}`);
  const { point } = useRules[use.role];
  if (point === undefined) return same(occupied(use));
  const { zh, en } = points[point];
  return { zh: `${use.on.device} 的${zh} ${use.on.point}`, en: `${en} ${use.on.point} of ${use.on.device}` };
}

function freeInstead(use: Use, context: Context): string | undefined {
  const { on } = use;
  const { survey } = context;
  if (on.is === "gpio") {
    const taken = survey.uses.flatMap((other) => (other.on.is === "gpio" ? [other.on.gpio] : []));
    return firstFree(new Set(taken), Math.max(2, on.gpio), 27);
  }
  const wanted = useRules[use.role];
  if (typeof on.point === "string") return undefined;
  if (wanted.point === undefined) return replacement(context, wanted, on.device);
  const taken = survey.uses.flatMap((other) =>
    other.on.is === "device" && other.on.device === on.device && useRules[other.role].point === wanted.point
      ? [Number(other.on.point ?? 0)]
      : [],
  );
  return firstFree(new Set(taken), on.point ?? 1, pointsOf(context.devices.get(on.device)) ?? 0);
}

function lastKey(use: Use): string {
  if (use.on.is === "gpio") return "gpio";
  if (typeof use.on.point === "string") return "channel";
  return useRules[use.role].point ?? "device";
}

function lacksNoPoint({ role, on }: Use): boolean {
  return useRules[role].point === undefined || (on.is === "device" && on.point !== undefined);
}

function takenTwice(context: Context): Located[] {
  const { survey, locator } = context;
  // A use without its number, or of the wrong device, has its own problem already.
  const complete = survey.uses.filter(
    (use) => use.on.is === "gpio" || (lacksNoPoint(use) && wrongDevice(use, context).length === 0),
  );
  const listed = complete.map((use) => ({ path: [...use.path, lastKey(use)], value: use }));
  return repeated(listed, occupied).map(({ first, second }) => {
    // Bays are looked at before what a cabinet shares, but the file may have them the other way round.
    const inOrder = byPosition(locator.place(first.path, "value"), locator.place(second.path, "value")) <= 0;
    const [early, late] = inOrder ? [first, second] : [second, first];
    return locate(locator, late.path, "value", {
      code: late.value.role === "lock" ? "E_CFG_DUPLICATE_CHANNEL" : "E_CFG_DUPLICATE_USE",
      message: alreadyOn(locator, early.path, occupiedWords(late.value)),
      expected: { zh: "未被使用的一个", en: "one that nothing else uses" },
      nearest: freeInstead(late.value, context),
    });
  });
}

function withoutGpio({ survey, locator }: Context): Located[] {
  if (survey.hasGpio) return [];
  return survey.uses
    .filter(({ on }) => on.is === "gpio")
    .map((use) =>
      locate(locator, [...use.path, "gpio"], "key", {
        code: "E_CFG_NO_GPIO",
        message: { zh: "用到 GPIO，但没有 gpio 一节", en: "uses a header line, but there is no gpio section" },
        expected: { zh: "顶层的 gpio 一节", en: "a gpio section at the top level" },
        nearest: "gpio: {}",
      }),
    );
}

function duplicateBays({ survey, locator }: Context): Located[] {
  const taken = new Set(survey.bayNumbers.map(({ value }) => value));
  return repeated(survey.bayNumbers, (bay) => bay).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_BAY",
      message: alreadyOn(locator, first.path, { zh: `仓号 ${second.value}`, en: `bay ${second.value}` }),
      expected: { zh: "全站唯一的仓号", en: "a number that is unique in the station" },
      nearest: firstFree(taken, Math.max(1, Math.trunc(second.value)), 200),
    }),
  );
}

export function useProblems(survey: Survey, locator: Locator): Located[] {
  const context: Context = {
    survey,
    locator,
    known: new Map(survey.knownDevices.map(({ value }) => [value.id, value])),
    devices: new Map(survey.devices.map(({ value }) => [value.id, value])),
  };
  return [
    ...duplicateBays(context),
    ...survey.uses.flatMap((use) => wrongDevice(use, context)),
    ...survey.uses.flatMap((use) => beyond(use, context)),
    ...takenTwice(context),
    ...withoutGpio(context),
  ];
}
