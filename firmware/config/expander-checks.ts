/**
 * What must agree on an expander board: every point has a name of its own, an output has its pin to itself, and the board's name
 * is no line's, because the loss of either is told under that name.
 */
import { type Located, type Locator, locate } from "./problem.ts";
import type { FirmataEntry } from "./schema-expander.ts";
import type { Survey } from "./survey.ts";
import type { Entry } from "./uses.ts";
import { alreadyOn, duplicateIds, repeated } from "./wiring-checks.ts";

const isExpander = (entry: Entry<{ readonly kind: string }>): entry is Entry<FirmataEntry> =>
  entry.value.kind === "firmata";

function pinsTwice({ path, value }: Entry<FirmataEntry>, locator: Locator): Located[] {
  const pins = value.outputs.map(({ pin }, at) => ({ path: [...path, "outputs", at, "pin"], value: pin }));
  return repeated(pins, (pin) => pin).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_USE",
      message: alreadyOn(locator, first.path, { zh: `引脚 ${second.value}`, en: `pin ${second.value}` }),
      expected: { zh: "每个引脚只用一次", en: "each pin once" },
    }),
  );
}

export function expanderProblems(survey: Survey, locator: Locator): Located[] {
  const boards = survey.devices.filter(isExpander);
  // A line that is there twice is told elsewhere.
  const lines = new Map(survey.busIds.map((entry) => [entry.value, entry]));
  const names = boards.map(({ path, value }) => ({ path: [...path, "id"], value: value.id }));
  return [
    ...duplicateIds([...lines.values(), ...names], locator),
    ...boards.flatMap(({ path, value }) =>
      duplicateIds(
        [
          ...value.inputs.map(({ id }, at) => ({ path: [...path, "inputs", at, "id"], value: id })),
          ...value.outputs.map(({ id }, at) => ({ path: [...path, "outputs", at, "id"], value: id })),
        ],
        locator,
      ),
    ),
    ...boards.flatMap((board) => pinsTwice(board, locator)),
  ];
}
