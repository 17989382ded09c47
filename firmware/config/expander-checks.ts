/**
 * What must agree on an expander board: every point has a name of its own, an output has its pin to itself, and the board's name
 * is no line's, because the loss of either is told under that name. A thermistor that something refers to must be there.
 */
import { closest } from "./nearest.ts";
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

const thermistorsOf = (board: FirmataEntry | undefined): string[] =>
  (board?.inputs ?? []).flatMap(({ id, kind }) => (kind === "thermistor" ? [id] : []));

function wrongBoard(
  { path, value }: Survey["thermistorUses"][number],
  survey: Survey,
  locator: Locator,
): Located | undefined {
  const known = survey.knownDevices.map((entry) => entry.value);
  const found = known.find(({ id }) => id === value.device);
  if (found !== undefined && (found.kind === undefined || found.kind === "firmata")) return undefined;
  const boards = known.flatMap(({ id, kind }) => (kind === "firmata" ? [id] : []));
  return locate(locator, [...path, "device"], "value", {
    code: found === undefined ? "E_CFG_NO_SUCH_DEVICE" : "E_CFG_WRONG_KIND",
    message:
      found === undefined
        ? { zh: `设备 ${value.device} 不存在`, en: `names the device ${value.device}, which does not exist` }
        : {
            zh: `${value.device} 是 ${found.kind}，没有通道`,
            en: `${value.device} is a ${found.kind} and has no channels`,
          },
    expected: { zh: "类型为 firmata 的设备", en: "a device of kind firmata" },
    nearest: closest(value.device, boards),
  });
}

function wrongThermistor(use: Survey["thermistorUses"][number], survey: Survey, locator: Locator): Located[] {
  const wrong = wrongBoard(use, survey, locator);
  if (wrong !== undefined) return [wrong];
  const board = survey.devices.filter(isExpander).find(({ value }) => value.id === use.value.device)?.value;
  const { device, channel } = use.value;
  const thermistors = thermistorsOf(board);
  // A board that is broken by itself is told by the schema.
  if (board === undefined || thermistors.includes(channel)) return [];
  return [
    locate(locator, [...use.path, "channel"], "value", {
      code: "E_CFG_CHANNEL_BEYOND",
      message: { zh: `${device} 没有热敏电阻 ${channel}`, en: `${device} has no thermistor ${channel}` },
      expected: { zh: "该板 inputs 中的热敏电阻", en: "a thermistor among the board's inputs" },
      nearest: closest(channel, thermistors),
    }),
  ];
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
    ...survey.thermistorUses.flatMap((use) => wrongThermistor(use, survey, locator)),
  ];
}
