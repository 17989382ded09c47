/** Cards inside the room: one that proved itself, and one that only has a number, which may be a copy. */
import { describe, expect, test } from "vitest";
import { AccessConfig } from "../../../services/access/config.ts";
import { configOf, listOf, sha256, withList } from "../access/at-the-door.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

const staff = sha256("the staff's card");
const rider = sha256("a rider's card");

function withCards(): RoomBench {
  const bench = new RoomBench(roomConfig({ access: AccessConfig.parse(configOf(withList)) }));
  const text = listOf({
    cards: [
      { card: staff, member: "m-staff", role: "staff" },
      { card: rider, member: "m-rider" },
    ],
  });
  bench.send({ type: "access-list", text, digest: sha256(text) });
  return bench;
}

function latched(): RoomBench {
  const bench = withCards();
  bench.senses.airC = [60, 60.1];
  bench.pass(30_000);
  bench.senses.airC = [8, 8.1];
  bench.pass(60_000);
  expect(bench.durable.climate.latch?.why).toBe("hard-limit");
  return bench;
}

const hold = (bench: RoomBench, card: string, challenge: "answered" | "failed" | "none"): void => {
  const nonce = challenge === "answered" ? "0123" : "";
  bench.send({ type: "room-card", reader: "fridge-reader", card, challenge, nonce });
};

describe("a card at the fridge", () => {
  test("of a technician gives back a latched heater when it proves itself", () => {
    const bench = latched();
    hold(bench, staff, "answered");
    expect(bench.says.at(-1)).toBe("reset-done");
    expect(bench.durable.climate.latch).toBeUndefined();
  });

  test.each(["none", "failed"] as const)(
    "of a technician that is only a number (%s) gives nothing back",
    (challenge) => {
      const bench = latched();
      hold(bench, staff, challenge);
      expect(bench.durable.climate.latch?.why).toBe("hard-limit");
      expect(bench.says).not.toContain("reset-done");
    },
  );

  test("of a rider gets a drink, number or not", () => {
    const bench = withCards();
    hold(bench, rider, "none");
    expect(bench.says.at(-1)).toBe("drink-taken");
  });
});
