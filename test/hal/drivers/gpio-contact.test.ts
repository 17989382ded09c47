import { expect, test } from "vitest";
import { gpioContact } from "../../../hal/drivers/gpio-contact.ts";
import type { Reading } from "../../../hal/ports/reading.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { fakeGpio } from "../../support/fake-gpio.ts";

function bench(inverted: boolean) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const gpio = fakeGpio();
  gpio.drive(4, true);
  const contact = gpioContact(gpio.openInput(4), clock, { inverted, settleMs: 10, confirmMs: 1_000 });
  const told: Array<Reading<boolean>> = [];
  contact.watch((reading) => told.push(reading));
  return { clock, gpio, contact, told };
}

test.each([
  [false, true],
  [true, false],
])("with inverted %s a high line means %s, from the first moment", (inverted, value) => {
  expect(bench(inverted).contact.reading()).toEqual({ value, atMs: 0, quality: "good" });
});

test("an edge is told once the contact has settled, and a bouncing contact only once", () => {
  const { clock, gpio, told } = bench(false);
  clock.runUntil(100);
  for (const high of [false, true, false, true, false]) gpio.drive(4, high);
  clock.runUntil(109);
  expect(told).toEqual([]);
  clock.runUntil(110);
  expect(told).toEqual([{ value: false, atMs: 110, quality: "good" }]);
});

test("without edges the reading stays fresh, and a lost edge is found within a second", () => {
  const { clock, gpio, contact } = bench(false);
  clock.runUntil(5_000);
  expect(contact.reading()).toEqual({ value: true, atMs: 5_000, quality: "good" });
  const level = gpio.level(4);
  expect(level).toBe(true);
  contact.attend(true);
  clock.runUntil(5_999);
  expect(contact.reading().atMs).toBe(5_000);
  clock.runUntil(6_000);
  expect(contact.reading().atMs).toBe(6_000);
});

test("a line that cannot be read goes stale with the age of its last good look, and comes back by itself", () => {
  const { clock, gpio, contact, told } = bench(false);
  clock.runUntil(1_500);
  gpio.fail(4, true);
  clock.runUntil(4_000);
  expect(contact.reading()).toEqual({ value: true, atMs: 1_000, quality: "stale" });
  expect(told.filter((reading) => reading.quality === "stale")).toHaveLength(1);
  gpio.fail(4, false);
  clock.runUntil(5_000);
  expect(contact.reading()).toEqual({ value: true, atMs: 5_000, quality: "good" });
});
