/** The example's plain JavaScript, with a type for the tests. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./repository.ts";

const path = pathToFileURL(join(root, "examples", "fleet-consumer", "rows.mjs")).href;
const module = (await import(path)) as { rowOf(topic: string, payload: Buffer): Readonly<Record<string, unknown>> };
export const { rowOf } = module;
