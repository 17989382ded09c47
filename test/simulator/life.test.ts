import { expect, test } from "vitest";
import type { BrokerLink } from "../../hal/ports/broker-link.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { Life } from "../../simulator/life.ts";
import { createGpioLines } from "../../simulator/wires/gpio-lines.ts";

function lifeBench(timeKnownMs = 0) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const gpio = createGpioLines();
  const told: string[] = [];
  let say: (bytes: Uint8Array) => void = () => undefined;
  let closedWires = 0;
  let closedLinks = 0;
  let connect: () => void = () => undefined;
  const link: BrokerLink = {
    publish: (_topic, _payload, _how, done) => void clock.after(10, () => done(undefined)),
    subscribe: () => undefined,
    close: (done) => {
      closedLinks++;
      done();
    },
  };
  const life = new Life({
    clock,
    gpio,
    timeKnownMs,
    textFiles: { read: (_path, done) => void clock.after(10, () => done({ text: "read" })) },
    openWire: (_spec, events) => {
      say = (bytes) => events.bytes(bytes);
      return { write: () => undefined, close: () => void closedWires++ };
    },
    openBroker: (_options, events) => {
      connect = () => events.connected();
      return link;
    },
  });
  return {
    clock,
    gpio,
    life,
    told,
    tell: (what: string) => () => void told.push(what),
    say: () => say(Uint8Array.of(1)),
    connect: () => connect(),
    closed: () => ({ wires: closedWires, links: closedLinks }),
  };
}

test("nothing that was under way calls back after the power went", () => {
  const { clock, life, told, tell, say, connect, closed } = lifeBench();
  life.openWire({ path: "/a", baud: 9_600, stopBits: 1 }, { opened: () => {}, bytes: tell("bytes"), closed: () => {} });
  const link = life.openBroker?.(
    { clientId: "a", will: { topic: "w", payload: "" } },
    { connected: tell("connected"), disconnected: () => {}, message: () => {} },
  );
  const begin = (): void => {
    life.clock.after(5, tell("timer"));
    life.textFiles.read("/t", tell("file"));
    link?.publish("t", "p", { qos: 1, retain: false }, tell("published"));
    say();
    connect();
  };
  begin();
  clock.runUntil(20);
  expect(told.sort()).toEqual(["bytes", "connected", "file", "published", "timer"]);
  told.length = 0;
  begin();
  told.length = 0;
  life.end(() => undefined);
  say();
  connect();
  life.clock.after(1, tell("late timer"));
  clock.runUntil(100);
  expect(told).toEqual([]);
  expect(closed()).toEqual({ wires: 1, links: 1 });
});

test("header lines fall to where they stood before anybody drove them, and stay there", () => {
  const { gpio, life } = lifeBench();
  const levels: boolean[] = [];
  gpio.wireOutput(17, (high) => levels.push(high), false);
  const output = life.gpio.openOutput(17, false);
  output.write(true);
  life.end(() => undefined);
  output.write(true);
  expect(levels).toEqual([true, false]);
});

test("a computer that has just started does not know the time until the network told it", () => {
  const { clock, life } = lifeBench(60_000);
  expect(life.clock.wallSynchronised()).toBe(false);
  clock.runUntil(60_000);
  expect(life.clock.wallSynchronised()).toBe(true);
});
