/**
 * What must agree in the room: names once, readers at places that ask who somebody is, and no magnet that would hold on when the
 * controller hangs. Advice: what nobody can use, and heat that nothing but its own relay switches off.
 */
import { closest } from "./nearest.ts";
import { type Bilingual, type Detail, type Located, type Locator, locate, type Path } from "./problem.ts";
import { child } from "./schema-node.ts";
import type { Survey } from "./survey.ts";
import { type Entry, ids, under } from "./uses.ts";
import { duplicateIds } from "./wiring-checks.ts";

/** Kinds of amenities that serve whoever shows a code; the others serve everybody. */
const asking: ReadonlySet<unknown> = new Set(["phone-lockers", "gift-lockers", "microwave", "socket", "hot-water"]);
/** Nothing else lets their members in. */
const needReader: ReadonlySet<unknown> = new Set(["phone-lockers", "gift-lockers"]);

const textOf = (owner: Entry<unknown>, key: string): string | undefined => {
  const value = child(owner.value, key);
  return typeof value === "string" ? value : undefined;
};

function kids(keys: readonly Entry<unknown>[]): Entry<string>[] {
  return keys.flatMap((key) => {
    const kid = textOf(key, "kid");
    return kid === undefined ? [] : [{ path: [...key.path, "kid"], value: kid }];
  });
}

function names({ room }: Survey, locator: Locator): Located[] {
  const { doors, amenities, readers, issuers, authorities } = room;
  const lists = [ids(doors), ids(amenities), ids(readers), kids(issuers), kids(authorities)];
  return lists.flatMap((list) => duplicateIds(list, locator));
}

interface Missing {
  readonly path: Path;
  readonly name: string;
  readonly what: Bilingual;
  readonly known: readonly string[];
}

function noSuchPlace({ path, name, what, known }: Missing, locator: Locator): Located {
  const detail: Detail = {
    code: "E_CFG_NO_SUCH_PLACE",
    message: { zh: `${what.zh} ${name} 不存在`, en: `names ${what.en} ${name}, which does not exist` },
    expected: known.length > 0 ? { zh: known.join("、"), en: `one of ${known.join(", ")}` } : noneKnown,
    nearest: closest(name, known),
  };
  return locate(locator, path, "value", detail);
}

const noneKnown: Bilingual = { zh: "先在配置中写明", en: "one that the file describes" };
const aDoor: Bilingual = { zh: "门", en: "the door" };
const anAmenity: Bilingual = { zh: "设施", en: "the amenity" };

const idsOf = (list: readonly Entry<unknown>[]): string[] => ids(list).map(({ value }) => value);

function chambers({ room }: Survey, locator: Locator): Located[] {
  const known = idsOf(room.doors);
  return room.doors.flatMap((door) => {
    const name = textOf(door, "interlockWith");
    const others = known.filter((id) => id !== textOf(door, "id"));
    if (name === undefined || others.includes(name)) return [];
    return [noSuchPlace({ path: [...door.path, "interlockWith"], name, what: aDoor, known: others }, locator)];
  });
}

function readerAtAmenity(reader: Entry<unknown>, { room }: Survey, locator: Locator): Located[] {
  const name = textOf(reader, "amenity");
  if (name === undefined) return [];
  const path = [...reader.path, "amenity"];
  const amenity = room.amenities.find((entry) => textOf(entry, "id") === name);
  const known = idsOf(room.amenities.filter(({ value }) => asking.has(child(value, "kind"))));
  if (amenity === undefined) return [noSuchPlace({ path, name, what: anAmenity, known }, locator)];
  const kind = textOf(amenity, "kind");
  if (kind === undefined || asking.has(kind)) return [];
  const detail: Detail = {
    code: "E_CFG_READER_PLACE",
    message: { zh: `${name} 是 ${kind}，对所有人开放`, en: `stands at a ${kind}, which serves everybody unasked` },
    expected: { zh: "需要会员码的设施", en: "an amenity that asks for a code" },
    nearest: closest(name, known),
  };
  return [locate(locator, path, "value", detail)];
}

function readerPlaces(survey: Survey, locator: Locator): Located[] {
  const { room } = survey;
  const doors = idsOf(room.doors);
  return room.readers.flatMap((reader) => {
    const door = textOf(reader, "door");
    switch (child(reader.value, "at")) {
      case "door":
        if (door === undefined || doors.includes(door)) return [];
        return [noSuchPlace({ path: [...reader.path, "door"], name: door, what: aDoor, known: doors }, locator)];
      case "fridge":
        if (room.fridge.value !== undefined) return [];
        return [
          locate(locator, [...reader.path, "at"], "value", {
            code: "E_CFG_NO_SUCH_PLACE",
            message: { zh: "没有 fridge 一节", en: "stands at a fridge, and there is no fridge section" },
            expected: { zh: "顶层的 fridge 一节", en: "a fridge section at the top level" },
          }),
        ];
      default:
        return readerAtAmenity(reader, survey, locator);
    }
  });
}

/** A header line keeps its level when the process dies: the magnet would go on holding, and no fire would let go of it. */
function untimedMagnets({ uses }: Survey, locator: Locator): Located[] {
  return uses
    .filter(({ role, on }) => role === "magnet" && on.is === "gpio")
    .map((use) =>
      locate(locator, [...use.path, "gpio"], "value", {
        code: "E_CFG_MAGNET_UNTIMED",
        message: {
          zh: "磁力锁接在 GPIO 上，死机后会一直吸合",
          en: "would hold the door for ever when the controller hangs",
        },
        expected: { zh: "继电器板上的继电器", en: "a relay of a relay board" },
      }),
    );
}

export function roomProblems(survey: Survey, locator: Locator): Located[] {
  return [names, chambers, readerPlaces, untimedMagnets].flatMap((check) => check(survey, locator));
}

/** A relay that welds shut goes on heating; a second contactor before it is what a latch opens then. */
function feeds({ uses }: Survey, locator: Locator): Located[] {
  const owner = (path: Path): string => path.slice(0, -1).join(".");
  const fed = new Set(
    uses.flatMap(({ role, path }) => (role === "heaterFeed" || role === "feed" ? [owner(path)] : [])),
  );
  return uses
    .filter(({ role, path }) => (role === "roomHeater" || role === "element") && !fed.has(owner(path)))
    .map((use) =>
      locate(locator, use.path, "key", {
        code: "W_CFG_NO_FEED",
        message: { zh: "继电器粘连时无从断开", en: "goes on when its relay welds, and nothing could switch it off" },
        expected:
          use.role === "element"
            ? { zh: "前级接触器 feed", en: "a contactor before it: feed" }
            : { zh: "前级接触器 heaterFeed", en: "a contactor before it: heaterFeed" },
      }),
    );
}

function lonelySensor({ uses }: Survey, locator: Locator): Located[] {
  const [only, second] = uses.filter(({ role }) => role === "airSensor");
  if (only === undefined || second !== undefined) return [];
  return [
    locate(locator, only.path, "value", {
      code: "W_CFG_ONE_SENSOR",
      message: { zh: "只有一只传感器，漂移时无从发现", en: "stands alone, and nothing notices when it drifts" },
      expected: { zh: "两只互相监督的传感器", en: "two sensors that watch each other" },
    }),
  ];
}

function unread({ room }: Survey, locator: Locator): Located[] {
  const at = new Set(
    room.readers.map(({ value }) => `${child(value, "at")} ${child(value, "door") ?? child(value, "amenity") ?? ""}`),
  );
  const places: Entry<string>[] = [
    ...room.doors.map((door) => ({ path: under(door, "id").path, value: `door ${textOf(door, "id")}` })),
    ...(room.fridge.value === undefined ? [] : [{ path: room.fridge.path, value: "fridge " }]),
    ...room.amenities
      .filter(({ value }) => needReader.has(child(value, "kind")))
      .map((amenity) => ({ path: under(amenity, "id").path, value: `amenity ${textOf(amenity, "id")}` })),
  ];
  return places
    .filter(({ value }) => !at.has(value))
    .map(({ path }) =>
      locate(locator, path, "key", {
        code: "W_CFG_NO_READER",
        message: { zh: "没有读码器，会员无法使用", en: "has no reader, so no member can use it" },
        expected: { zh: "room.readers 中的一个", en: "a reader in room.readers" },
      }),
    );
}

function nobodySigns({ room }: Survey, locator: Locator): Located[] {
  const hasKeys = room.issuers.length > 0 || room.authorities.length > 0;
  const atDoor = room.readers.some(({ value }) => child(value, "at") === "door");
  if (hasKeys || !atDoor || room.doors.length === 0) return [];
  return [
    locate(locator, ["access", "issuers"], "key", {
      code: "W_CFG_NO_ISSUER",
      message: { zh: "没有公钥，读码器不会让任何人进门", en: "are missing: the readers let nobody in" },
      expected: { zh: "issuers 或 authorities 中的公钥", en: "a public key in issuers or authorities" },
    }),
  ];
}

export function roomAdvice(survey: Survey, locator: Locator): Located[] {
  return [feeds, lonelySensor, unread, nobodySigns].flatMap((check) => check(survey, locator));
}
