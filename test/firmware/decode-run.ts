/** Runs the `decode` command as the launcher would, and keeps what it said. */
import { decodeCommand } from "../../firmware/cli/decode.ts";

export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export async function decode(...args: string[]): Promise<Said> {
  let out = "";
  let err = "";
  const exit = await decodeCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { exit, out, err };
}
