/** The extinguisher and the signals that release it: a file must not make it release by itself, or by one cause alone. */
import { type Located, type Locator, locate } from "./problem.ts";
import type { Survey } from "./survey.ts";
import type { Use } from "./uses.ts";

/** The same part of the same cabinet under another name. */
const beside = (use: Use, role: Use["role"], uses: readonly Use[]): Use | undefined => {
  const owner = use.path.slice(0, -1).join(".");
  return uses.find((other) => other.role === role && other.path.slice(0, -1).join(".") === owner);
};

/**
 * A header line keeps its level when the process dies, and some rise by themselves while the computer starts: an extinguisher
 * on it is released by a reboot, or for good.
 */
function untimedAerosol({ uses }: Survey, locator: Locator): Located[] {
  return uses
    .filter(({ role, on }) => role === "aerosol" && on.is === "gpio")
    .map((use) =>
      locate(locator, [...use.path, "gpio"], "value", {
        code: "E_CFG_AEROSOL_UNTIMED",
        message: {
          zh: "灭火装置接在 GPIO 上，重启或死机时可能误喷",
          en: "would release the extinguisher when the computer starts or dies",
        },
        expected: { zh: "继电器板上的继电器", en: "a relay of a relay board" },
      }),
    );
}

function aerosolWithoutSmoke({ uses }: Survey, locator: Locator): Located[] {
  return uses
    .filter((use) => use.role === "aerosol" && beside(use, "smoke", uses) === undefined)
    .map((use) =>
      locate(locator, use.path, "key", {
        code: "E_CFG_AEROSOL_NO_SMOKE",
        message: {
          zh: "没有烟感，双信号不成立，灭火装置永远不会释放",
          en: "can never be released: without a smoke detector there are no two signals",
        },
        expected: { zh: "同一柜子的 smoke", en: "smoke in the same cabinet" },
      }),
    );
}

/** A board that loses the supply of its inputs reads all of them alike: of one polarity, both signals would come at once. */
function oneCause({ uses }: Survey, locator: Locator): Located[] {
  return uses.flatMap((use) => {
    if (use.role !== "runawayConductor" || use.on.is !== "device") return [];
    const smoke = beside(use, "smoke", uses);
    if (smoke?.on.is !== "device" || smoke.on.device !== use.on.device || smoke.inverted !== use.inverted) return [];
    return [
      locate(locator, use.path, "key", {
        code: "E_CFG_ONE_CAUSE",
        message: {
          zh: `与烟感同在 ${use.on.device} 且极性相同，一个故障会变成两个信号`,
          en: `is on ${use.on.device} like smoke and of the same polarity: one fault would read as two signals`,
        },
        expected: { zh: "另一块板，或相反的极性", en: "another board, or the other polarity" },
        nearest: `inverted: ${String(!use.inverted)}`,
      }),
    ];
  });
}

export function safetyProblems(survey: Survey, locator: Locator): Located[] {
  return [untimedAerosol, aerosolWithoutSmoke, oneCause].flatMap((check) => check(survey, locator));
}

/** IEC 60947-5-5 asks for contacts that open when pressed; on a board input such a contact reads "pressed" when it is open. */
export function stopPolarity({ uses }: Survey, locator: Locator): Located[] {
  return uses
    .filter(({ role, on, inverted }) => role === "emergencyStop" && on.is === "device" && !inverted)
    .map((use) =>
      locate(locator, use.path, "key", {
        code: "W_CFG_STOP_POLARITY",
        message: {
          zh: "闭合才算按下，断线时急停失效",
          en: "counts as pressed when closed, so a broken wire disables it",
        },
        expected: { zh: "常闭触点和 inverted: true", en: "a contact that opens when pressed, and inverted: true" },
        nearest: "inverted: true",
      }),
    );
}
