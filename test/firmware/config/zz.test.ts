import { test } from "vitest"; import { z } from "zod"; import { ConfigFile } from "../../../firmware/config/schema.ts"; import {writeFileSync} from "node:fs";
test("x",()=>{ writeFileSync("/tmp/c/s.json",JSON.stringify(z.toJSONSchema(ConfigFile,{target:"draft-7",io:"input"}),null,1)); });
