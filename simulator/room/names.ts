/**
 * What the loads and contacts of the room are called, once: the wiring, the models and the checkers meet by these names. It
 * knows no boards and no levels.
 */
export const doorOutput = (door: string, what: "strike" | "magnet"): string => `door/${door}/${what}`;
export const doorContact = (door: string, what: "shut" | "exitRequest" | "tamper" | "lockPower"): string =>
  `door/${door}/${what}`;
export const climateOutput = (what: "heater" | "heaterFeed" | "cooler"): string => `climate/${what}`;
export const fridgeOutput = (what: "lock" | "compressor" | "defrostHeater"): string => `fridge/${what}`;
export const fridgeDoor = "fridge/door";
export const presenceContact = "room/presence";
/** An output or a contact of an amenity, by the words of the configuration; lockers are `lock-1`, `power-1` and so on. */
export const amenityWire = (amenity: string, what: string): string => `amenity/${amenity}/${what}`;
