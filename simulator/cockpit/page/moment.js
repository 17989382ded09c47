/** Writes one moment of the simulation over the one before, in place, so that the keyboard keeps the button it stands on. */
import { at, element, keep, write, writeSigns } from "./parts.js";

const speeds = [0, 1, 10, 60, 600];
const linesShown = 60;
/** Words, language and orders, as the page has them now. */
let cockpit;

function writeTop(moment) {
  const clock = new Intl.DateTimeFormat(cockpit.language === "zh" ? "zh-CN" : "en-GB", {
    timeZone: cockpit.about.timeZone,
    dateStyle: "medium",
    timeStyle: "medium",
  });
  write(at("time"), clock.format(moment.wallMs));
  const choices = [...new Set([...speeds, moment.speed])].sort((one, other) => one - other);
  keep(at("speeds"), choices, {
    keyOf: (times) => times,
    make: (times) => {
      const button = element("button");
      button.type = "button";
      button.addEventListener("click", () => cockpit.order({ do: "speed", times }));
      return button;
    },
    fill: (button, times) => {
      write(button, times === 0 ? cockpit.word("still") : `×${times}`);
      button.setAttribute("aria-pressed", String(times === moment.speed));
    },
  });
}

/** `[name, value, whether it is bad]` each. */
function factsOf(moment) {
  const { mainsOn, masterEnable, emergencyStop, alarmOn, exitFreed, controllerRuns } = moment;
  return [
    ["outdoors", `${moment.outdoorC.toFixed(1)} °C`, false],
    ["room", `${moment.roomC.toFixed(1)} °C`, false],
    ["mains", cockpit.word(mainsOn ? "on" : "off"), !mainsOn],
    ["controller", cockpit.word(controllerRuns ? "runs" : "dead"), !controllerRuns],
    ["contactors", cockpit.word(masterEnable ? "on" : "off"), !masterEnable],
    ["emergency", cockpit.word(emergencyStop ? "pressed" : "released"), emergencyStop],
    ["alarm", cockpit.word(alarmOn ? "sounds" : "quiet"), alarmOn],
    ["exit", cockpit.word(exitFreed ? "freed" : "latched"), exitFreed],
    ["power", `${moment.mainsW} W`, false],
    ["looks", String(moment.looks), false],
    ["violated", String(moment.violations), moment.violations > 0],
  ];
}

function writeFacts(moment) {
  keep(at("facts"), factsOf(moment), {
    keyOf: ([name]) => name,
    make: () => {
      const fact = element("li");
      fact.append(element("span", "quiet"), " ", element("b"));
      return fact;
    },
    fill: (fact, [name, value, isBad]) => {
      write(fact.firstChild, cockpit.word(name));
      write(fact.lastChild, value);
      fact.lastChild.className = isBad ? "bad" : "";
    },
  });
  at("violations").hidden = moment.violations === 0;
  const same = { keyOf: (text) => text, make: () => element("li", "bad"), fill: write };
  keep(at("violated"), [...new Set(moment.violated)], same);
}

function baySigns(bay) {
  return [
    [bay.doorOpen, cockpit.word("open"), "warm"],
    [bay.coilOn, cockpit.word("coil"), "warm"],
    [bay.chargeMa > 0, `${(bay.chargeMa / 1_000).toFixed(1)} A`, "good"],
    [bay.contactorClosed, cockpit.word("contactor"), "good"],
    [bay.heaterOn, cockpit.word("heater"), "warm"],
    [bay.foreignObject, cockpit.word("foreign"), "danger"],
    [bay.lockOut !== undefined, cockpit.word("lockOut"), "danger"],
  ].flatMap(([isSo, text, className]) => (isSo ? [[text, className]] : []));
}

function makeBay() {
  const tile = element("li", "bay");
  const what = element("div", "what");
  what.append(element("b"), element("span"));
  const charge = element("progress");
  charge.max = 100;
  tile.append(what, charge, element("ul", "signs"), element("div", "held"));
  return tile;
}

function fillBay(tile, bay) {
  const [what, charge, signs, held] = tile.children;
  const { pack, lockOut } = bay;
  write(what.firstChild, String(bay.bay));
  write(
    what.lastChild,
    pack === undefined ? cockpit.word("none") : `${pack.socPct} % · ${pack.cellTempC.toFixed(1)} °C`,
  );
  charge.hidden = pack === undefined;
  charge.value = pack?.socPct ?? 0;
  charge.setAttribute("aria-label", `${pack?.socPct ?? 0} %`);
  writeSigns(signs, baySigns(bay));
  const state = cockpit.about.states[bay.state][cockpit.language];
  write(held, lockOut === undefined ? state : `${state} (${lockOut})`);
  tile.title = `${cockpit.word("held")}: ${held.textContent}${pack === undefined ? "" : `\n${pack.id}`}`;
  tile.classList.toggle("is-open", bay.doorOpen);
  tile.classList.toggle("is-locked-out", lockOut !== undefined);
}

function makeCabinet() {
  const card = element("section", "cabinet");
  const title = element("h3");
  title.append(element("span"), element("ul", "signs"), element("span", "says"));
  card.append(title, element("ul", "bays"));
  return card;
}

function fillCabinet(card, cabinet) {
  const [title, bays] = card.children;
  const [name, signs, says] = title.children;
  const air = `${cabinet.airTempC.toFixed(1)} °C`;
  write(name, `${cockpit.word("cabinet")} ${cabinet.id} · ${air} · ${cabinet.people} ${cockpit.word("people")}`);
  writeSigns(
    signs,
    cabinet.signs.map((sign) => [cockpit.word(sign), sign === "fan" ? "" : "danger"]),
  );
  write(says, cabinet.says?.[cockpit.language] ?? "");
  keep(bays, cabinet.bays, { keyOf: ({ bay }) => bay, make: makeBay, fill: fillBay });
}

function writeBroken(broken) {
  const rows = broken.length === 0 ? [undefined] : broken;
  keep(at("broken"), rows, {
    keyOf: (one) => one?.n ?? "nothing",
    make: (one) => {
      const row = element("li", "row");
      const button = element("button");
      button.type = "button";
      button.addEventListener("click", () => cockpit.order({ do: "mend", n: one.n }));
      row.append(element("span"), ...(one === undefined ? [] : [button]));
      return row;
    },
    fill: (row, one) => {
      if (one === undefined) return write(row.firstChild, cockpit.word("nothingBroken"));
      const ends = one.waits ? cockpit.word("waits") : `${cockpit.word("endsIn")} ${one.endsInS} s`;
      write(row.firstChild, `⚡ ${one.says[cockpit.language]} (${one.where}), ${ends}`);
      write(row.lastChild, cockpit.word("mend"));
    },
  });
}

function writeComplaints(faults) {
  const rows =
    faults.length === 0 ? [{ code: "", subject: "", says: cockpit.about.words.noComplaints, mend: "" }] : faults;
  keep(at("complaints"), rows, {
    keyOf: ({ code, subject }) => `${code}/${subject}`,
    make: () => {
      const row = element("li");
      const step = Object.assign(element("p"), { lang: "en" });
      row.append(element("span"), step);
      return row;
    },
    fill: (row, { code, subject, says, mend }) => {
      write(row.firstChild, code === "" ? says[cockpit.language] : `⚠ ${subject}: ${says[cockpit.language]}`);
      write(row.lastChild, mend);
    },
  });
}

/** Whoever has scrolled up to read is not pulled down. */
function writeTold(lines) {
  const told = at("told");
  const isAtEnd = told.scrollTop + told.clientHeight >= told.scrollHeight - 4;
  const text = lines.slice(-linesShown).join("\n");
  if (told.dataset.text === text) return;
  told.dataset.text = text;
  told.replaceChildren(...lines.slice(-linesShown).map((line) => element("li", "", line)));
  if (isAtEnd) told.scrollTop = told.scrollHeight;
}

export function writeMoment(moment, page) {
  cockpit = page;
  writeTop(moment);
  writeFacts(moment);
  keep(at("cabinets"), moment.cabinets, { keyOf: ({ id }) => id, make: makeCabinet, fill: fillCabinet });
  writeBroken(moment.broken);
  writeComplaints(moment.faults);
  writeTold(moment.lines);
}
