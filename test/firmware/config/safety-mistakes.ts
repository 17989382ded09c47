/** Extinguishers that would release by themselves, never, or by one cause alone. */
import { type Mistake, mistake } from "./mistake.ts";

const smoke = "    smoke: { device: relay-2, input: 1 }\n";
const more = (text: string) => `${smoke}    ${text}\n`;

export const safetyMistakes: Mistake[] = [
  mistake("an extinguisher on a header line", smoke, more("aerosol: { gpio: «5 }"), [
    "cabinets[0].aerosol.gpio",
    "E_CFG_AEROSOL_UNTIMED",
  ]),
  mistake("an extinguisher without a smoke detector", smoke, "    «aerosol: { device: relay-2, relay: 2 }\n", [
    "cabinets[0].aerosol",
    "E_CFG_AEROSOL_NO_SMOKE",
  ]),
  mistake(
    "a conductor that fails together with the smoke detector",
    smoke,
    more("«runawayConductor: { device: relay-2, input: 2 }"),
    ["cabinets[0].runawayConductor", "E_CFG_ONE_CAUSE", "inverted: true"],
  ),
  mistake("one relay for fan and extinguisher", smoke, more("aerosol: { device: relay-2, relay: «1 }"), [
    "cabinets[0].aerosol.relay",
    "E_CFG_DUPLICATE_USE",
    "2",
  ]),
  mistake(
    "one relay for the room's alarm and a fan",
    "siteLimitW: 3000",
    "siteLimitW: 3000\n  alarm: { device: relay-2, relay: 1 } #",
    ["cabinets[0].fan.relay", "E_CFG_DUPLICATE_USE", "2", "fan: { device: relay-2, relay: «1 }"],
  ),
  mistake(
    "an emergency stop on a lock board",
    "siteLimitW: 3000",
    "siteLimitW: 3000\n  emergencyStop: { device: «lock, input: 1 } #",
    ["station.emergencyStop.device", "E_CFG_WRONG_KIND", "relay-1"],
  ),
  mistake(
    "a runaway mark below the mark of a hot pack",
    "file: members.yaml",
    "file: members.yaml\nsafety: { runawayC: «69 }",
    ["safety.runawayC", "E_CFG_OUT_OF_RANGE", "70"],
  ),
];
