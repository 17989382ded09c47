/**
 * What the hardware does by itself while somebody has broken it on purpose, by the names that faults have in the catalogue. Each excuse
 * says why no controller could help; none excuses a controller.
 */
import { climateOutput } from "../room/names.ts";
import type { CheckerSetup } from "./checker.ts";

type Broken = Pick<CheckerSetup, "troubles">;

/** A driver that conducts by itself, and a frame of somebody else's on the line, ask nobody: the coil is not the controller's. */
export const isNotOurs = (bay: number, { troubles }: Broken): boolean =>
  troubles !== undefined &&
  (troubles.active("unlock-on-bus", `bay ${bay}`, 2_000) ||
    troubles.active("lock-driver-shorted", `bay ${bay}`, 5_000));

/** A charger that ignores its stop behind a welded contactor cannot be stopped by anybody but the fuse. */
export function isUnstoppable({ world }: Pick<CheckerSetup, "world">, bay: number): boolean {
  const { chargerStuck, contactorWelded } = world.bayFaults(bay);
  return chargerStuck && contactorWelded;
}

/** A door that a crowbar, a foreign frame or a shorted driver opened is not of the controller's doing. */
export const isForcedOpen = (bay: number, setup: Broken, withinMs: number): boolean =>
  isNotOurs(bay, setup) || setup.troubles?.active("second-door-forced", `bay ${bay}`, withinMs) === true;

const impostors = ["plugs-exchanged", "two-on-one-address", "device-replaced", "pack-changes-id"] as const;
const delays = ["device-slow", "answers-late"] as const;

/**
 * Devices that answer in another's name, or for another bay: what is heard is not what stands there, and no frame shows it. An
 * answer under another address is thrown away, unless it comes so late that the bearer of that address is asked by then.
 */
export function answersForAnother({ troubles }: Broken): boolean {
  if (troubles === undefined) return false;
  const lately = (name: Parameters<typeof troubles.active>[0]) => troubles.active(name, undefined, 60_000);
  return impostors.some(lately) || (lately("answers-misnamed") && delays.some(lately));
}

/** A device that says something else than it feels, within what it could feel. */
const liars = ["value-absurd", "value-no-number", "probe-spikes", "contact-bounces"] as const;
export const liesAboutItself = ({ troubles }: Broken): boolean =>
  troubles !== undefined && liars.some((name) => troubles.active(name, undefined, 60_000));

/** Somebody else wrote on the disk, or the medium forgot what it had promised: it must be noticed, and cannot be undone. */
const rot = ["disk-bit-rot", "disk-edited"] as const;
export const isRotten = ({ troubles }: Broken): boolean =>
  troubles !== undefined && rot.some((name) => troubles.active(name, undefined, 600_000));

/** The disk takes nothing, or did so a moment ago: a log that failed is opened anew every 5 s, and every write may take as long. */
const unwritable = ["disk-full", "disk-write-fails", "disk-read-only", "disk-stalls"] as const;
export const isUnwritable = ({ troubles }: Broken): boolean =>
  troubles !== undefined && unwritable.some((name) => troubles.active(name, undefined, 10_000));

/** Some line or board garbles, loses or delays what is said: a contact that moved for half a second may have been heard by nobody. */
export const isHardOfHearing = ({ troubles }: Broken): boolean =>
  troubles !== undefined && (troubles.activeAt("line ", 0) || troubles.activeAt("device ", 0));

/** A contact of the room that is welded asks nobody; what is cut instead is its feed, and the boiler's own judge looks at that. */
export const isWelded = (load: string, { troubles }: Broken): boolean =>
  troubles?.active("relay-welded", whereOfLoad(load), 60_000) === true;

/** As a strike at it is told (`simulator/faults/room-loads.ts`). */
const whereOfLoad = (load: string): string =>
  load === climateOutput("heater") ? "room heater" : load.split("/").slice(0, 2).join(" ");

/**
 * Of two boards with one address each does what the other is told: a latch may spring open that nobody meant. Where each of two bears
 * the other's, its contacts are told with right frames as those of other bays.
 */
export const hasTwin = ({ troubles }: Broken): boolean =>
  troubles?.active("two-on-one-address", undefined, 60_000) === true;

/**
 * A line that is dead, the board of a smoke head that is gone with all that hangs on it (opening a line anew takes seconds), a board
 * that answers late, in another's name or not at all, and a process that was told to stop, which lets go of its outputs first.
 */
export const isOutOfReach = ({ troubles }: Broken): boolean =>
  troubles !== undefined &&
  (troubles.activeAt("line ", 10_000) ||
    troubles.activeAt("device ", 10_000) ||
    troubles.active("smoke-head-lost", undefined, 10_000) ||
    troubles.active("controller-stopping"));

/** Nobody hears this cabinet's smoke head, or some line or board garbles what is said: smoke there is known to nobody. */
export const isDeafToSmoke = (cabinet: string, { troubles }: Broken): boolean =>
  troubles !== undefined &&
  (troubles.active("smoke-head-lost", `cabinet ${cabinet}`, 10_000) ||
    troubles.activeAt("line ", 10_000) ||
    troubles.activeAt("device ", 10_000));

/** A probe that stands still or wanders within what a cell may feel: nobody can know how warm that pack is. */
export const isDeceived = (bay: number, { troubles }: Broken): boolean =>
  (["probe-frozen", "probe-drifts"] as const).some((name) => troubles?.active(name, `bay ${bay}`, 60_000) === true);

/**
 * What is heard of this pack's cells is not what they feel: the probe is wrong, or its line was exchanged with another's. That is
 * found when it happens and both bays are locked out; a technician who lifts that without a look at the plugs believes them again.
 */
export const isMistaken = (bay: number, { troubles }: Broken): boolean =>
  isDeceived(bay, { troubles }) || troubles?.active("plugs-exchanged", undefined, 60_000) === true;

/** Whoever asks a pack who it is learns it within a minute; what was wrong meanwhile is put right in as much again. */
const renamedMs = 120_000;
/** A BMS that speaks as another pack, or through another bay's plug: nobody who asks it can know better. */
export const isMisnamed = (bay: number, { troubles }: Broken): boolean =>
  troubles !== undefined &&
  (troubles.active("pack-changes-id", `bay ${bay}`, renamedMs) ||
    troubles.active("plugs-exchanged", undefined, renamedMs));
