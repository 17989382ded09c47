/** Devices that misbehave on their line: under the wrong address, too late, replaced, exchanged, unplugged, or never silent. */
import type { LineTap } from "../fault-types.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { gone, misnamed, slowed, Twins } from "./line-taps.ts";
import { type DeviceTarget, devicesOf, linesOf, take } from "./targets.ts";

/** Lets a meddler sit before one device, until the strike ends. */
function tapDevice(
  ground: FaultGround,
  name: string,
  devices: readonly DeviceTarget[],
  make: (target: DeviceTarget) => LineTap,
): Strike | undefined {
  const taken = take(ground, name, "voice", devices);
  if (taken === undefined) return undefined;
  const { target } = taken;
  return taken.until(ground.simulation.world.line(target.path).tap(make(target)));
}

/** An address on the line that is not this device's: a neighbour's, or one that nobody has. */
const anotherAddress = ({ device, beside }: DeviceTarget): number =>
  beside[0]?.address ?? (device.address === 1 ? 2 : device.address - 1);

/** A device of a line, or the one device of a line without addresses. */
function slowDevice(ground: FaultGround): Strike | undefined {
  const { random, simulation } = ground;
  const alone = linesOf(ground)
    .filter(({ devices }) => devices.every(({ kind }) => kind === "jbd" || kind === "pn532"))
    .map(({ where, path }) => ({ where, path, device: undefined }));
  const taken = take(ground, "device-slow", "voice", [...devicesOf(ground), ...alone]);
  if (taken === undefined) return undefined;
  const { device, path } = taken.target;
  return taken.until(simulation.world.line(path).tap(slowed(device, random.between(500, 700))));
}

function exchangePlugs(ground: FaultGround): Strike | undefined {
  const { world } = ground.simulation;
  const packLines = linesOf(ground).filter(({ devices }) => devices.every(({ kind }) => kind === "jbd"));
  const pairs = packLines.flatMap((one, at) =>
    packLines.slice(at + 1).map((other) => ({ where: `${one.where} and ${other.where}`, one, other })),
  );
  const free = pairs.filter(({ one, other }) => !isExchanged(ground, one.where) && !isExchanged(ground, other.where));
  const taken = take(ground, "plugs-exchanged", "plugs", free);
  if (taken === undefined) return undefined;
  const { one, other } = taken.target;
  world.exchangePlugs(one.path, other.path);
  return taken.until(() => world.exchangePlugs(one.path, other.path));
}

const isExchanged = ({ troubles }: FaultGround, line: string): boolean =>
  troubles.now().some(({ name, where }) => name === "plugs-exchanged" && where.split(" and ").includes(line));

function unplugAdapter(ground: FaultGround): Strike | undefined {
  const taken = take(ground, "adapter-renamed", "adapter", linesOf(ground));
  if (taken === undefined) return undefined;
  const line = ground.simulation.world.line(taken.target.path);
  line.unplug();
  return taken.until(() => line.replug());
}

/** Up to a dozen bytes of noise, again and again: one byte behind the other without end, or with pauses in which an answer fits. */
function babble(ground: FaultGround): Strike | undefined {
  const { random, simulation } = ground;
  const taken = take(ground, "device-babbles", "silence", linesOf(ground));
  if (taken === undefined) return undefined;
  const line = simulation.world.line(taken.target.path);
  const pauses = random.chance(0.5);
  let over = false;
  const speak = (): void => {
    if (over) return;
    const lastsMs = line.inject(Uint8Array.from({ length: 1 + random.int(12) }, () => random.int(256)));
    simulation.clock.after(pauses ? random.between(10, 60) : lastsMs, speak);
  };
  speak();
  return taken.until(() => {
    over = true;
  });
}

export const deviceFaults: readonly Fault[] = [
  {
    id: "B6",
    name: "answers-misnamed",
    kind: "bus",
    says: { zh: "应答带着别的地址", en: "a device answers under another address" },
    expects: "such answers are thrown away and counted; the device that was asked is unknown",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [10, 300],
    strike: (ground) => {
      const { random } = ground;
      const share = random.between(0.3, 1);
      return tapDevice(ground, "answers-misnamed", devicesOf(ground), (target) =>
        misnamed(target.device, anotherAddress(target), () => random.chance(share)),
      );
    },
  },
  {
    id: "B7",
    name: "two-on-one-address",
    kind: "bus",
    says: { zh: "两个设备地址相同", en: "two devices bear one address" },
    expects: "neither is believed and neither is used",
    invariants: ["I5"],
    perDay: 1,
    lastsS: [20, 600],
    strike: (ground) => {
      const pairs = devicesOf(ground).filter(({ beside }) => beside.length > 0);
      return tapDevice(
        ground,
        "two-on-one-address",
        pairs,
        ({ device, beside }) => new Twins(device, ground.random.pick(beside)),
      );
    },
  },
  {
    id: "B10",
    name: "device-slow",
    kind: "bus",
    says: { zh: "设备 600 毫秒后才应答", en: "a device answers after 600 ms" },
    expects: "the device has a deadline of its own; the loop is not late for it",
    invariants: ["I22"],
    perDay: 2,
    lastsS: [20, 600],
    strike: slowDevice,
  },
  {
    id: "B11",
    name: "device-replaced",
    kind: "bus",
    says: { zh: "换上了未设地址的新设备", en: "a device was replaced by one with the factory's address" },
    expects: "it is unknown and not used until somebody gives it its address",
    invariants: ["I5"],
    perDay: 1,
    lastsS: [60, 1_800],
    strike: (ground) => tapDevice(ground, "device-replaced", devicesOf(ground), ({ device }) => gone(device)),
  },
  {
    id: "B12",
    name: "plugs-exchanged",
    kind: "bus",
    says: { zh: "两个仓位的电池通信线插反", en: "the pack lines of two bays are exchanged" },
    expects: "each bay hears a pack that was not put there; both are out of service",
    invariants: ["I5"],
    perDay: 1,
    lastsS: [30, 600],
    strike: exchangePlugs,
  },
  {
    id: "B13",
    name: "adapter-renamed",
    kind: "bus",
    says: { zh: "USB 适配器以别的名字重新出现", en: "an adapter comes back under another name" },
    expects: "its line stays closed until the name in the configuration is there again; nothing is written elsewhere",
    invariants: ["I24"],
    perDay: 2,
    lastsS: [2, 300],
    strike: unplugAdapter,
  },
  {
    id: "B15",
    name: "device-babbles",
    kind: "bus",
    says: { zh: "设备不停乱发数据", en: "a device never stops talking" },
    expects: "a line without a quiet moment counts as lost while it lasts; the loop stays on time",
    invariants: ["I22"],
    perDay: 1,
    lastsS: [5, 120],
    strike: babble,
  },
];
