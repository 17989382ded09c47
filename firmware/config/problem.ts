/**
 * One thing that is wrong with a configuration, and how it is told: where it stands, which field it is, what was expected
 * and the nearest value that would be accepted. Both languages are kept, because the reader of the text is known later.
 */
import type { ProblemCode } from "./codes.ts";

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
export type Language = keyof Bilingual;

/** A field by its keys and list positions. */
export type Path = readonly (string | number)[];

/** 1-based, in UTF-16 units, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Detail {
  readonly code: ProblemCode;
  readonly message: Bilingual;
  readonly expected: Bilingual;
  /** The nearest value that would be accepted, as it would be typed into the file. */
  readonly nearest?: string | undefined;
}

export interface Located extends Detail, Place {
  /** `cabinets[0].bays[2].lock.channel`; `.` is the file as a whole. */
  readonly path: string;
}

export interface Problem extends Located {
  readonly file: string;
}

/** Finds fields in the text they came from. */
export interface Locator {
  /**
   * Where a field stands: its value, or its key. A field that is not there stands where the innermost thing around it
   * stands.
   */
  place(path: Path, point: "key" | "value"): Place;
  has(path: Path): boolean;
  /** A plain value as it was typed, before YAML made a number or a boolean of it. */
  typed(path: Path): string | undefined;
}

export function pathText(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(shorten(key))}]`;
  }
  return text === "" ? "." : text;
}

/** Keeps foreign text short and on one line; control characters come out as escapes. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

export function locate(locator: Locator, path: Path, point: "key" | "value", detail: Detail): Located {
  const { line, column } = locator.place(path, point);
  return { line, column, path: pathText(path), ...detail };
}

export function byPosition(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}

/** Chinese words and what follows them, with a space before Latin letters and digits. */
export function spaced(zh: string, next: string): string {
  return /^[\x21-\x7e]/.test(next) ? `${zh} ${next}` : `${zh}${next}`;
}

/** The same words in both languages: a number, a list of values. */
export function same(text: string): Bilingual {
  return { zh: text, en: text };
}

export function oneOf(values: readonly (string | number)[]): Bilingual {
  const [only] = values;
  if (values.length === 1) return same(String(only));
  return { zh: `以下之一：${values.join("、")}`, en: `one of ${values.join(", ")}` };
}
