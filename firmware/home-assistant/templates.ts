/**
 * How Home Assistant reads a state out of our payloads, and how it writes our request: Jinja templates, made from the hints of the
 * contract. They keep to a small part of the language (paths, one mapping, membership), so that a test can evaluate every one.
 */
import type { HomeReads } from "../../services/contract/home-hints.ts";

/** Home Assistant takes the word None for "unknown". */
const nothing = "none";

/** Where the fields are: the payload itself, or one entry of a mapping by id. */
export const payloadRoot = "value_json";
export const entryOf = (field: string, id: string): string => `${payloadRoot}.${field}[${JSON.stringify(id)}]`;

/** JSON's true and false are Jinja's own words; everything else is text. */
const keyOf = (word: string): string => (word === "true" || word === "false" ? word : JSON.stringify(word));

function mapping(field: string, words: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(words).map(([word, state]) => `${keyOf(word)}: ${JSON.stringify(state)}`);
  return `{${pairs.join(", ")}}.get(${field})`;
}

const raisedIn = (root: string): string => `{% set raised = ${root}.faults | default([]) %}`;
const oneOf = (codes: readonly string[]): string =>
  codes.map((code) => `${JSON.stringify(code)} in raised`).join(" or ");

export function valueTemplate(reads: HomeReads, root: string = payloadRoot): string {
  const raised = raisedIn(root);
  if ("faults" in reads) {
    if (reads.faults === "any") return `{{ "ON" if ${root}.faults | default([]) else "OFF" }}`;
    const off = reads.blind === undefined ? '"OFF"' : `${nothing} if ${oneOf(reads.blind)} else "OFF"`;
    return `${raised}{{ "ON" if ${oneOf(reads.faults)} else ${off} }}`;
  }
  const field = `${root}.${reads.path}`;
  if (!("words" in reads)) return `{{ ${field} | default(${nothing}) }}`;
  const words = mapping(field, reads.words);
  if (reads.jammed === undefined) return `{{ ${words} }}`;
  return `${raised}{{ "JAMMED" if ${oneOf(reads.jammed)} else ${words} }}`;
}

/** How long a click holds: a station that hears it later does nothing. */
const clickLifeMs = 30_000;

/**
 * A request to open one bay, with an id of its own and an end. Home Assistant's lock can also be told to lock, which no motor of
 * ours can do: that word makes a request which the station refuses as malformed, never one that opens.
 */
export function openTemplate(bay: number): string {
  const nowMs = "(now().timestamp() * 1000) | int";
  return [
    `{"id":"ha-${bay}-{{ ${nowMs} }}"`,
    `"expiresAt":{{ ${nowMs} + ${clickLifeMs} }}`,
    '"by":"home-assistant"',
    `"bay":${bay}{{ "" if value == "UNLOCK" else ',"lock":true' }} }`,
  ].join(",");
}
