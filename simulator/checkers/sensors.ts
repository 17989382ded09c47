/**
 * I12 and I23: a safety sensor that is not heard is never "normal", and no value reaches a decision that cannot be. What was heard
 * is judged on the wire; what reaches decisions is the controller's image of its inputs.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { BayReadings, CabinetReadings, ChargerReading, PackReading } from "../../services/readings.ts";
import type { BayTruth } from "../truth-types.ts";
import type { BookCheckerSetup, Checker, WireCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";

/** One scan, and the lease of a relay whose own board may be the one that is mute. */
const slackMs = 2_500;
const flowingMa = 50;

interface Wired {
  readonly bus: string;
  readonly address: number;
}

type Input = { readonly device: string } | { readonly gpio: number } | undefined;

/** Where the safety inputs of each cabinet hang, as far as they hang on a board that can be heard. */
function safetyInputs(file: ConfigFile): ReadonlyMap<string, readonly Wired[]> {
  const boards = new Map<string, Wired>();
  for (const device of file.devices) {
    if (device.kind === "waveshare-relay-d") boards.set(device.id, { bus: device.bus, address: device.address });
  }
  const wired = (input: Input): Wired[] => {
    const board = input !== undefined && "device" in input ? boards.get(input.device) : undefined;
    return board === undefined ? [] : [board];
  };
  const site = wired(file.station.emergencyStop);
  return new Map(
    file.cabinets.map(({ id, smoke, runawayConductor, water }) => [
      id,
      [...wired(smoke), ...wired(runawayConductor), ...wired(water), ...site],
    ]),
  );
}

export function lostIsNotNormal(setup: WireCheckerSetup): Checker {
  const { world, file, config, ears, clock, report, looked } = setup;
  const inputs = safetyInputs(file);
  const era = controllerEra(setup);
  const limitMs = config.safety.smokeHeardMs + slackMs;
  const isMute = ({ bus, address }: Wired): boolean =>
    ears.hears(bus) && clock.nowMs - (ears.heardMs(bus, address) ?? 0) > limitMs;
  function judge({ bay, chargeMa, heaterRelayOn }: BayTruth, { bus, address }: Wired): void {
    // A charger that ignores its stop behind a welded contactor asks nobody.
    const isCharged = chargeMa >= flowingMa && !world.bayFaults(bay).contactorWelded;
    if (isCharged || heaterRelayOn)
      report("I12", `bay ${bay} is ${heaterRelayOn ? "heated" : "charged"}, and board ${address} on ${bus} is mute`);
  }
  return {
    invariant: "I12",
    says: "no bay of a cabinet charges or is heated once a smoke, conductor, water or emergency-stop input was lost",
    looksAt: "the last whole answer of the boards that carry safety inputs, currents, heater relays",
    excuses: "a welded contactor",
    everyMs: 5_000,
    onLook() {
      if (era.upMs() < limitMs) return;
      for (const { id, bays } of world.truth.cabinets) {
        const mute = (inputs.get(id) ?? []).find(isMute);
        looked();
        if (mute !== undefined) for (const bay of bays) judge(bay, mute);
      }
    },
  };
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

/** What devices of these kinds can measure at all: 0.01 V and 0.01 A in 16 bits (JBD, DPM86), sensors of -60 to 150 °C. */
function absurdPack({ packMv, packMa, socPct, cellTempsC, cellsMv }: PackReading): string | undefined {
  if (!within(packMv, 0, 120_000)) return `a pack of ${packMv} mV`;
  if (!within(packMa, -400_000, 400_000)) return `a pack current of ${packMa} mA`;
  if (!within(socPct, 0, 100)) return `a charge of ${socPct} %`;
  const tempC = cellTempsC.find((cellC) => !within(cellC, -60, 150));
  if (tempC !== undefined) return `a cell of ${tempC} °C`;
  const cellMv = cellsMv.find((mv) => !within(mv, 0, 6_000));
  return cellMv === undefined ? undefined : `a cell of ${cellMv} mV`;
}

const absurdCharger = ({ outMv, outMa }: ChargerReading): string | undefined =>
  within(outMv, 0, 120_000) && within(outMa, 0, 60_000) ? undefined : `a charger at ${outMv} mV and ${outMa} mA`;

function absurdBay({ pack, charger }: BayReadings): string | undefined {
  const told = pack?.quality === "good" ? pack.value : undefined;
  const out = charger?.quality === "good" ? charger.value : undefined;
  return (told && absurdPack(told)) ?? (out && absurdCharger(out));
}

const absurdCabinet = ({ airTempC }: CabinetReadings): string | undefined =>
  airTempC?.quality === "good" && !within(airTempC.value, -60, 130) ? `air of ${airTempC.value} °C` : undefined;

export function onlyPossibleValues({ controller, config, report, looked }: BookCheckerSetup): Checker {
  function lookAtRoom(): void {
    const climate = config.room?.climate;
    for (const sensor of controller.readings.room?.air ?? []) {
      const tempC = sensor?.quality === "good" ? sensor.value.tempC : undefined;
      if (tempC === undefined || climate === undefined) continue;
      looked();
      if (!within(tempC, climate.rangeMinC - 5, climate.rangeMaxC + 25)) report("I23", `room air of ${tempC} °C`);
    }
  }
  return {
    invariant: "I23",
    says: "no reading that decisions are made from lies outside what its device can measure",
    looksAt: "every reading that decisions are made from",
    everyMs: 30_000,
    onLook() {
      const { bays, cabinets } = controller.readings;
      for (let bay = 1; bay < bays.length; bay++) {
        const readings = bays[bay];
        if (readings === undefined) continue;
        looked();
        const absurd = absurdBay(readings);
        if (absurd !== undefined) report("I23", `bay ${bay}: ${absurd}`);
      }
      for (const id in cabinets) {
        const absurd = absurdCabinet(cabinets[id] as CabinetReadings);
        if (absurd !== undefined) report("I23", `cabinet ${id}: ${absurd}`);
      }
      lookAtRoom();
    },
  };
}
