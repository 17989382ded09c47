// The list of what a line asks again and again: who is first, and that nobody takes another's place.
import { describe, expect, it } from "vitest";
import type { Poll } from "../../../hal/buses/bus.ts";
import { PollTable } from "../../../hal/buses/poll-table.ts";

function poll(name: string, periodMs: number): Poll<unknown> {
  return {
    name,
    periodMs,
    deadlineMs: 100,
    request: Uint8Array.of(1),
    expects: () => ({ is: "short" }),
    done: () => undefined,
  };
}

describe("the list of what a line asks again and again", () => {
  it("tells the one that is due first, the older one of two that are due together", () => {
    const table = new PollTable();
    const door = table.add(poll("door", 500), 0);
    const pack = table.add(poll("pack", 1_000), 0);
    expect(table.first()).toBe(door);
    door.started(0);
    expect(table.first()).toBe(pack);
    pack.wantedNow(500);
    expect(table.first()).toBe(door);
  });

  it("lets an item that was stopped while it was asked take nobody's place", () => {
    const table = new PollTable();
    const basic = table.add(poll("basic", 1_000), 0);
    const cells = table.add(poll("cells", 10_000), 0);
    const model = table.add(poll("model", 5_000), 0);
    for (const item of [basic, cells, model]) item.started(100);
    table.remove(cells);
    cells.wantedNow(200);
    cells.answered();
    expect(table.first()).toBe(basic);
    basic.started(1_100);
    expect(basic.dueMs).toBe(2_100);
    table.remove(basic);
    expect(table.first()).toBe(model);
    table.remove(basic);
    expect(table.first()).toBe(model);
    table.remove(model);
    expect(table.first()).toBeUndefined();
  });
});
