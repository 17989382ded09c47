/** Plain mistakes at the room's door and in what the room gives to people: which time, whose thing, and which way round. */
import type { SeededBug } from "../seeded-bug.ts";

export const plainPeopleBugs: readonly SeededBug[] = [
  {
    id: "b-206",
    title: "Whoever leaves keeps the door unlocked for as long as it may stand open",
    standsFor: ["I18"],
    file: "services/access/door.ts",
    find: "nowMs + config.exitMs",
    replace: "nowMs + config.heldMs",
    caughtBy: ["test/services/access/exit.test.ts", "test/services/access/door.test.ts"],
  },
  {
    id: "b-207",
    title: "A revoked card is looked up by the name of its member, and still opens the door",
    standsFor: ["I16"],
    file: "services/access/decide.ts",
    find: "list?.revokedCards.has(card) === true",
    replace: "list?.revokedCards.has(nonce) === true",
    caughtBy: ["test/services/access/offline.test.ts", "test/services/access/credentials.test.ts"],
  },
  {
    id: "b-208",
    title: "A code that has expired still opens the door",
    standsFor: ["I15"],
    file: "services/access/token.ts",
    find: '  return verdict === "inside" ? undefined : verdict;',
    replace: '  return verdict === "inside" || verdict === "expired" ? undefined : verdict;',
    caughtBy: ["test/services/access/tokens.test.ts", "test/services/access/times.test.ts"],
  },
  {
    id: "b-209",
    title: "The siren sounds only once a call for help was answered",
    standsFor: ["I25"],
    file: "services/amenities/help.ts",
    find: "    siren: !answered && (",
    replace: "    siren: answered && (",
    caughtBy: ["test/services/amenities/amenities.test.ts"],
  },
  {
    id: "b-210",
    title: "Whoever asks for a locker gets one in which another's phone lies",
    standsFor: ["I24"],
    file: "services/amenities/lockers.ts",
    find: "([, held]) => held.member === member);",
    replace: "([, held]) => held.member !== member);",
    caughtBy: ["test/services/amenities/amenities.test.ts"],
  },
];
