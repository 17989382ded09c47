/** The reference page of the fault catalogue, in the order of severity. Made from `services/faults.ts` alone. */
import type { ClearedBy, Severity } from "../../services/fault-entry.ts";
import { type FaultCode, faultCatalogue } from "../../services/faults.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

const meaning: Readonly<Record<Severity, string>> = {
  danger: "People or property may come to harm. Somebody has to go there now.",
  error: "Part of the station does not work until this is mended.",
  warning: "The station works; somebody should look soon.",
  info: "Worth knowing.",
};

const clearedBy: Readonly<Record<ClearedBy, string>> = {
  itself: "itself, when the cause is gone",
  operator: "an operator",
  "local-reset": "a person on site",
};

const codes = Object.keys(faultCatalogue) as FaultCode[];

function section(severity: Severity): string[] {
  const found = codes.filter((name) => faultCatalogue[name].severity === severity);
  if (found.length === 0) return [];
  const rows = found.map((name) => {
    const fault = faultCatalogue[name];
    return [code(name), fault.en, fault.zh, fault.inhibits, clearedBy[fault.clearedBy], fault.mend];
  });
  return [
    `## ${severity}`,
    "",
    meaning[severity],
    "",
    ...table(["code", "meaning", "含义", "stops", "cleared by", "what to do"], rows),
    "",
  ];
}

export function faultsPage(): string {
  return page([
    generatedFrom("services/faults.ts"),
    "",
    "# Faults",
    "",
    "A fault is raised once and cleared once. While it stands it is a retained message on",
    "`yizhan/1/<station>/fault/<code>/<subject>`; when it clears, that topic is emptied. The subject is a bay number, a",
    "cabinet, a bus, a swap or `station`. Raising and clearing are also events on `event/fault`.",
    "",
    ...(["danger", "error", "warning", "info"] as const).flatMap(section),
  ]);
}
