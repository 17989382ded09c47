/**
 * Every pack there is and where it is. Packs are neither made nor lost here once the world began, except when an operator
 * replaces one that two riders had exchanged for good.
 */
import type { SplitRandom } from "../random.ts";
import type { PackPlace } from "../truth-types.ts";
import { Pack } from "./pack.ts";

export interface PackEntry {
  readonly pack: Pack;
  place: PackPlace;
  /** The rider who took it out of a bay last. */
  handedTo: number | undefined;
}

export interface PackRegisterOptions {
  readonly cells: number;
  readonly capacityMah: number;
  readonly random: SplitRandom;
}

export class PackRegister {
  readonly entries: PackEntry[] = [];
  private readonly byPack = new Map<Pack, PackEntry>();
  private readonly options: PackRegisterOptions;

  constructor(options: PackRegisterOptions) {
    this.options = options;
  }

  /** `make` is the name that its maker gave it, before its number. */
  make(soc: number, tempC: number, place: PackPlace, make = "yz-4824"): Pack {
    const { cells, capacityMah, random } = this.options;
    const number = String(this.entries.length + 1).padStart(6, "0");
    const pack = new Pack({
      id: `${make}-${number}`,
      cells,
      capacityMah,
      soc,
      tempC,
      resistanceOhm: random.between(0.055, 0.075),
      cycles: random.int(400),
      spreadMv: random.between(3, 12),
      productionDate: `2025-0${1 + random.int(9)}-1${random.int(9)}`,
    });
    const entry: PackEntry = { pack, place, handedTo: undefined };
    this.entries.push(entry);
    this.byPack.set(pack, entry);
    return pack;
  }

  entry(pack: Pack): PackEntry {
    return this.byPack.get(pack) as PackEntry;
  }
}
