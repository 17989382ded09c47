/**
 * Packs that are not the rider's own, for one visit: a friend's in exchange, a friend's beside the own one, one of another make.
 * Each says what follows when the visit is over; nobody is left without a pack by it, and no pack is lost.
 */
import type { SplitRandom } from "../random.ts";
import type { Pack } from "./pack.ts";
import type { PackRegister } from "./pack-register.ts";
import type { Person } from "./scene.ts";

/** Called once, when the visit is over. */
export type Loan = () => void;

const STRANGE_MAKE = "hx-6030";

function give(pack: Pack, person: Person, packs: PackRegister): void {
  person.pack = pack;
  packs.entry(pack).place = { at: "rider", rider: person.rider };
}

/** A friend who has been here: theirs is most likely a pack of the station, and in its book. Before the start nobody had been. */
export function guestOf(people: readonly Person[], but: Person, random: SplitRandom): Person | undefined {
  const guests = people.filter(({ busy, pack, lastLeftMs }) => !busy && pack !== undefined && lastLeftMs >= 0);
  const others = guests.filter((person) => person !== but);
  return others.length === 0 ? undefined : random.pick(others);
}

/** The two exchange packs before the visit and afterwards again. Meanwhile the lender stays away. */
export function exchanged(person: Person, lender: Person, packs: PackRegister): Loan | undefined {
  const own = person.pack;
  const borrowed = lender.pack;
  if (own === undefined || borrowed === undefined) return undefined;
  give(borrowed, person, packs);
  give(own, lender, packs);
  lender.busy = true;
  return () => {
    const left = lender.pack;
    lender.busy = false;
    if (left === undefined) return;
    if (person.pack === borrowed) {
      give(borrowed, lender, packs);
      give(left, person, packs);
      return;
    }
    // The station kept it: the operator gives a new one.
    packs.entry(left).place = { at: "elsewhere" };
    lender.pack = packs.make(left.soc, left.tempC, { at: "rider", rider: lender.rider });
  };
}

/** The lender's pack comes along beside the own one; what is left of the two goes back to the lender. */
export function lentBeside(person: Person, lender: Person, packs: PackRegister): Loan | undefined {
  const borrowed = lender.pack;
  if (person.pack === undefined || borrowed === undefined) return undefined;
  person.spare = borrowed;
  packs.entry(borrowed).place = { at: "rider", rider: person.rider };
  lender.pack = undefined;
  lender.busy = true;
  return () => {
    const { spare } = person;
    person.spare = undefined;
    lender.busy = false;
    if (spare === undefined) return;
    if (person.pack === borrowed) {
      give(spare, person, packs);
      give(borrowed, lender, packs);
    } else give(spare, lender, packs);
  };
}

/** A pack of another make. The own one stays at home, and comes back into service when the strange one went away again. */
export function strangePack(person: Person, packs: PackRegister): Loan | undefined {
  const own = person.pack;
  if (own === undefined) return undefined;
  const strange = packs.make(own.soc, own.tempC, { at: "elsewhere" }, STRANGE_MAKE);
  packs.entry(own).place = { at: "elsewhere" };
  give(strange, person, packs);
  return () => {
    if (person.pack !== strange) return;
    packs.entry(strange).place = { at: "elsewhere" };
    give(own, person, packs);
  };
}
