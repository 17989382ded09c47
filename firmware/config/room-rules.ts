/**
 * What a service may know of an entry that carries its wires: the rules, and what there is because it is wired. It hands on no
 * wire.
 */

/** What is wired is there. */
const has = (point: unknown): boolean => point !== undefined;

interface DoorWired {
  readonly wires: {
    readonly magnet?: unknown;
    readonly exitRequest?: unknown;
    readonly tamper?: unknown;
    readonly lockPower?: unknown;
  };
}

export function doorRules<E extends DoorWired>({ wires, ...rules }: E) {
  return {
    ...rules,
    lock: has(wires.magnet) ? ("magnet" as const) : ("strike" as const),
    hasExitRequest: has(wires.exitRequest),
    hasTamper: has(wires.tamper),
    hasLockPower: has(wires.lockPower),
  };
}

interface ClimateWired {
  readonly wires: { readonly sensors: readonly unknown[]; readonly heater?: unknown; readonly cooler?: unknown };
}

export function climateRules<E extends ClimateWired>({ wires, ...rules }: E) {
  return {
    ...rules,
    hasHeater: has(wires.heater),
    hasCooler: has(wires.cooler),
    sensors: wires.sensors.length,
  };
}

interface FridgeWired {
  readonly wires: { readonly defrostHeater?: unknown };
}

export function fridgeRules<E extends FridgeWired>({ wires, ...rules }: E) {
  return { ...rules, hasDefrostHeater: has(wires.defrostHeater) };
}
