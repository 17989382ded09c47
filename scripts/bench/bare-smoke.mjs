// A part of a bench: the least that any controller could do about smoke. On each relay line it asks the board with the smoke
// contact back to back, keeps the relays of the bays on, and switches every board off with one frame as soon as smoke is read.
// It sets the chargers once, so that something is charged.
process.once("message", async ({ root, file }) => {
  const from = (module) => import(`${root}/dist/${module}`);
  const [{ nodeWire }, relay, modbus, dpm] = await Promise.all([
    from("firmware/platform/node-wire.js"),
    from("hal/codecs/waveshare-relay-d.js"),
    from("hal/codecs/modbus-rtu.js"),
    from("hal/codecs/dpm86.js"),
  ]);
  const wireOf = nodeWire();
  const device = (id) => file.devices.find((candidate) => candidate.id === id);
  const specOf = (id) => {
    const { path, baud, stopBits } = file.buses.find((bus) => bus.id === id);
    return { path, baud, stopBits };
  };

  /** One question at a time on one line; the next one is made when the last one was answered. */
  function talk(busId, nextRequest, heard, isAnswer) {
    const spec = specOf(busId);
    const quietMs = spec.baud > 19_200 ? 1.75 : (3.5 * 10_000) / spec.baud;
    let buffer = Buffer.alloc(0);
    let asked;
    const ask = () => {
      buffer = Buffer.alloc(0);
      asked = nextRequest();
      if (asked !== undefined) wire.write(asked);
      else setTimeout(ask, 50);
    };
    const wire = wireOf(spec, {
      opened: ask,
      bytes(chunk) {
        buffer = Buffer.concat([buffer, chunk]);
        const answer = asked === undefined ? undefined : isAnswer(buffer, asked);
        if (answer === undefined) return;
        heard(asked, answer);
        setTimeout(ask, quietMs);
      },
      closed: (why) => {
        throw new Error(why);
      },
    });
  }

  function watchRelays(cabinet) {
    const boards = new Set(cabinet.bays.flatMap(({ contactor, heater }) => [contactor.device, heater.device]));
    const relays = cabinet.bays.flatMap(({ contactor, heater }) => [contactor, heater]);
    const smokeBoard = device(cabinet.smoke.device);
    const inputs = relay.encodeReadInputs(smokeBoard.address);
    const due = [];
    let smoke = false;
    let flashedMs = Number.NEGATIVE_INFINITY;
    function nextRequest() {
      if (!smoke && performance.now() - flashedMs > 1_000) {
        flashedMs = performance.now();
        for (const { device: id, relay: number } of relays)
          due.push(relay.encodeFlashOn(device(id).address, number - 1, 19));
      }
      // The contact is asked between any two acts.
      nextRequest.turn = !nextRequest.turn;
      if (smoke) return due.shift() ?? inputs;
      return nextRequest.turn ? (due.shift() ?? inputs) : inputs;
    }
    function heard(asked, { data, exception }) {
      if (asked !== inputs || exception !== undefined) return;
      const was = smoke;
      smoke = modbus.bitAt(data, cabinet.smoke.input - 1) !== cabinet.smoke.inverted;
      if (!smoke || was) return;
      due.length = 0;
      for (const id of boards) due.push(relay.encodeAllOff(device(id).address));
    }
    const isAnswer = (bytes, asked) => {
      const parsed = modbus.parseModbusReply(bytes, bytes.length, asked);
      return parsed.is === "frame" ? parsed.value : undefined;
    };
    talk(smokeBoard.bus, nextRequest, heard, isAnswer);
    return () => smoke;
  }

  /** Current while there is no smoke, none while there is; whatever changes is told to all of the line in turn. */
  function driveChargers(cabinet, isSmoke) {
    const chargers = cabinet.bays.map(({ charger }) => device(charger.device));
    const told = new Map();
    function nextRequest() {
      const wanted = isSmoke() ? "off" : "on";
      for (const { address } of chargers) {
        const was = told.get(address);
        if (wanted === "off" && was !== "off") {
          told.set(address, "off");
          return dpm.encodeDpmWrite(address, dpm.DPM_SET_BOTH, [5_460, 0]);
        }
        if (wanted === "on" && was === "set") {
          told.set(address, "on");
          return dpm.encodeDpmWrite(address, dpm.DPM_OUTPUT, [1]);
        }
        if (wanted === "on" && was !== "on") {
          told.set(address, "set");
          return dpm.encodeDpmWrite(address, dpm.DPM_SET_BOTH, [5_460, 4_800]);
        }
      }
      return undefined;
    }
    const isAnswer = (bytes) => {
      const parsed = dpm.parseDpmReply(bytes, bytes.length);
      return parsed.is === "frame" ? parsed.value : undefined;
    };
    talk(chargers[0].bus, nextRequest, () => undefined, isAnswer);
  }

  for (const cabinet of file.cabinets) driveChargers(cabinet, watchRelays(cabinet));
});
process.on("disconnect", () => process.exit());
