/** Hands that no swap knows of: they open a door as a crowbar does, take or leave what they like, and shut it again. */
import type { Bay } from "./bay.ts";
import type { PackRegister } from "./pack-register.ts";

/** What stood there is elsewhere now; undefined when the bay was empty. */
export function carryOff(bay: Bay, packs: PackRegister): string | undefined {
  bay.moveDoor(true);
  const pack = bay.take();
  if (pack !== undefined) packs.entry(pack).place = { at: "elsewhere" };
  bay.shut();
  return pack?.id;
}

/** A pack that was never here before, plugged in; or some thing. Undefined when the bay was not empty. */
export function smuggle(bay: Bay, what: "pack" | "thing", packs: PackRegister): string | undefined {
  if (bay.pack !== undefined || bay.foreignObject) return undefined;
  const pack = what === "pack" ? packs.make(0.5, bay.airTempC, { at: "bay", bay: bay.bay }) : undefined;
  bay.moveDoor(true);
  if (pack === undefined) bay.setObject(true);
  else {
    bay.insert(pack);
    bay.plug();
  }
  bay.shut();
  return pack?.id;
}
