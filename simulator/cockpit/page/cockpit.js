/** The cockpit's page: it hears the moment once a second and has it written down; it sends what somebody orders. It decides nothing. */
import { writeMoment } from "./moment.js";
import { at, element, write } from "./parts.js";

const lengths = [
  ["", "usual"],
  ["60", "minute"],
  ["600", "tenMinutes"],
  ["3600", "hour"],
  ["86400", "day"],
];

let about;
let language = "en";
const word = (name) => about.words[name][language];

// --- Orders and their answers.

function answered(isDone, text) {
  const answer = at("answer");
  answer.className = isDone ? "good" : "bad";
  write(answer, `${isDone ? "✓ " : ""}${text}`);
}

async function order(body) {
  try {
    const response = await fetch("order", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    answered(response.ok, isJson ? JSON.parse(text).says[language] : text);
  } catch {
    answered(false, word("lost"));
  }
  await look();
}

function strike(fault) {
  const where = at("place").value.trim();
  const lasts = at("lasts").value;
  return order({
    do: "strike",
    fault,
    ...(where === "" ? {} : { where }),
    ...(lasts === "" ? {} : { lastsS: Number(lasts) }),
  });
}

// --- What does not change but with the language.

function writeCatalogue() {
  const groups = Object.entries(about.classes).map(([kind, says]) => {
    const group = element("details");
    const list = element("ul");
    for (const fault of about.faults.filter((one) => one.kind === kind)) list.append(faultRow(fault));
    group.append(element("summary", "", `${says[language]} (${list.children.length})`), list);
    return group;
  });
  at("catalogue").replaceChildren(...groups);
  filterCatalogue();
}

function faultRow(fault) {
  const row = element("li");
  const button = element("button", "", word("strike"));
  button.type = "button";
  button.title = `${word("safe")}${fault.expects}`;
  button.setAttribute("aria-label", `${word("strike")}: ${fault.says[language]}`);
  button.addEventListener("click", () => strike(fault.fault));
  const text = element("div", "", fault.says[language]);
  const expects = element("p", "", word("safe"));
  expects.append(Object.assign(element("span", "", fault.expects), { lang: "en" }));
  text.append(" ", element("small", "", fault.fault), expects);
  row.dataset.find = `${fault.fault} ${fault.id} ${fault.says.zh} ${fault.says.en}`.toLowerCase();
  row.append(button, text);
  return row;
}

/** Classes in which something is found are open while somebody filters. */
function filterCatalogue() {
  const wanted = at("filter").value.trim().toLowerCase();
  for (const group of at("catalogue").children) {
    const rows = [...group.querySelectorAll("li")];
    for (const row of rows) row.hidden = !row.dataset.find.includes(wanted);
    group.hidden = rows.every((row) => row.hidden);
    group.open = wanted !== "" && !group.hidden;
  }
}

function writeChoices(select, choices) {
  const { value } = select;
  select.replaceChildren(
    ...choices.map(([choice, text]) => Object.assign(element("option", "", text), { value: choice })),
  );
  if (choices.some(([choice]) => choice === value)) select.value = value;
}

function writeLabels() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${about.name[language]} · ${word("title")}`;
  write(at("name"), about.name[language]);
  for (const label of document.querySelectorAll("[data-word]")) write(label, word(label.dataset.word));
  for (const field of document.querySelectorAll("[data-hint]")) field.placeholder = word(field.dataset.hint);
  const cabinets = about.places.filter((place) => place.startsWith("cabinet ")).map((place) => place.slice(8));
  writeChoices(
    at("lasts"),
    lengths.map(([seconds, name]) => [seconds, word(name)]),
  );
  writeChoices(
    at("manner"),
    about.manners.map(({ manner, says }) => [manner, says[language]]),
  );
  writeChoices(at("cabinet"), [["", word("anyCabinet")], ...cabinets.map((id) => [id, id])]);
  writeCatalogue();
}

function show(moment) {
  writeMoment(moment, { about, language, word, order });
  at("lost").hidden = true;
}

function lost() {
  at("lost").hidden = false;
}

/** At once, where something was just ordered or the language changed. */
async function look() {
  try {
    show(await (await fetch("moment")).json());
  } catch {
    lost();
  }
}

/** The simulator tells the moment once a second; the browser asks anew by itself when the line breaks. */
function listen() {
  const moments = new EventSource("moments");
  moments.addEventListener("message", ({ data }) => show(JSON.parse(data)));
  moments.addEventListener("error", lost);
}

about = await (await fetch("about")).json();
language = about.language;
at("places").replaceChildren(...about.places.map((place) => Object.assign(element("option"), { value: place })));
at("filter").addEventListener("input", filterCatalogue);
at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  writeLabels();
  write(at("answer"), "");
  void look();
});
at("visit").addEventListener("submit", (event) => {
  event.preventDefault();
  const cabinet = at("cabinet").value;
  void order({ do: "visit", does: at("manner").value, ...(cabinet === "" ? {} : { cabinet }) });
});
writeLabels();
listen();
