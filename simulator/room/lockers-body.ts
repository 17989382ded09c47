/**
 * A wall of lockers: each springs open when its lock is powered, and a person shuts it. What lies in one belongs to somebody;
 * the wall does not know to whom, the truth does.
 */
import type { Site } from "../models/site.ts";
import type { Circuits } from "./circuits.ts";
import { amenityWire } from "./names.ts";

interface Cell {
  isOpen: boolean;
  /** Whose phone or which package. */
  owner: string | undefined;
  full: boolean;
}

export class LockersBody {
  readonly id: string;
  readonly cells: readonly Cell[];
  private readonly onOpen: ((locker: number) => void)[] = [];

  constructor(id: string, count: number, parts: { readonly circuits: Circuits; readonly site: Site }) {
    this.id = id;
    this.cells = Array.from({ length: count }, () => ({ isOpen: false, owner: undefined, full: false }));
    for (let locker = 1; locker <= count; locker++) {
      parts.circuits.onChange(amenityWire(id, `lock-${locker}`), (on) => {
        if (on) this.spring(locker, parts.site);
      });
    }
  }

  private spring(locker: number, site: Site): void {
    const cell = this.cell(locker);
    if (!site.mainsOn || cell.isOpen) return;
    cell.isOpen = true;
    site.emit({ type: "room-locker", amenity: this.id, locker, owner: cell.owner });
    for (const tell of this.onOpen) tell(locker);
  }

  /** Whoever stands before it sees a door spring open. */
  watch(tell: (locker: number) => void): void {
    this.onOpen.push(tell);
  }

  cell(locker: number): Cell {
    const cell = this.cells[locker - 1];
    if (cell === undefined) throw new RangeError(`${this.id} has no locker ${locker}`);
    return cell;
  }

  put(locker: number, owner: string | undefined): void {
    const cell = this.cell(locker);
    cell.owner = owner;
    cell.full = true;
  }

  take(locker: number): void {
    const cell = this.cell(locker);
    cell.owner = undefined;
    cell.full = false;
  }

  shut(locker: number): void {
    this.cell(locker).isOpen = false;
  }
}
