/**
 * Small sensor files read through Node's thread pool, one at a time. A DS18B20 holds its thread for up to 0.75 s, and the
 * pool's few threads also sync the log: sensors must never take all of them. It refuses more than 4 KiB (a sysfs page),
 * and gives up on a read that hangs, though the hung thread itself can only be left behind.
 */
import { close, open, read } from "node:fs";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";

export interface NodeTextFilesOptions {
  readonly deadlineMs?: number;
  /** Reads waiting behind the current one; more are refused. */
  readonly queueMax?: number;
}

type Done = (result: { readonly text: string } | { readonly error: string }) => void;

interface Waiting {
  readonly path: string;
  settle: Done | undefined;
  deadline: Timer | undefined;
}

const SIZE_MAX = 4_096;

function reason(path: string, error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return `${path} is not there`;
  if (error.code === "EACCES") return `${path} may not be read by this user`;
  return `${path}: ${error.message}`;
}

function readSmall(path: string, done: Done): void {
  open(path, "r", (openError, descriptor) => {
    if (openError !== null) return done({ error: reason(path, openError) });
    const buffer = Buffer.alloc(SIZE_MAX + 1);
    read(descriptor, buffer, 0, SIZE_MAX + 1, 0, (readError, size) => {
      close(descriptor, () => {
        if (readError !== null) done({ error: reason(path, readError) });
        else if (size > SIZE_MAX) done({ error: `${path} holds more than ${SIZE_MAX} bytes, so it is no sensor file` });
        else done({ text: buffer.toString("utf8", 0, size) });
      });
    });
  });
}

export function nodeTextFiles(clock: Clock, options: NodeTextFilesOptions = {}): TextFiles {
  const deadlineMs = options.deadlineMs ?? 5_000;
  const queueMax = options.queueMax ?? 64;
  const queue: Waiting[] = [];
  let busyWith: string | undefined;

  function settle(request: Waiting, result: Parameters<Done>[0]): void {
    const done = request.settle;
    request.settle = undefined;
    request.deadline?.cancel();
    done?.(result);
  }

  function startNext(): void {
    if (busyWith !== undefined) return;
    let request = queue.shift();
    while (request !== undefined && request.settle === undefined) request = queue.shift();
    if (request === undefined) return;
    const current = request;
    busyWith = current.path;
    readSmall(current.path, (result) => {
      busyWith = undefined;
      startNext();
      settle(current, result);
    });
  }

  return {
    read(path, done) {
      if (queue.length >= queueMax) {
        clock.after(0, () => done({ error: `${path}: ${queueMax} reads already wait behind ${busyWith}` }));
        return;
      }
      const request: Waiting = { path, settle: done, deadline: undefined };
      request.deadline = clock.after(deadlineMs, () => {
        const at = queue.indexOf(request);
        if (at >= 0) queue.splice(at, 1);
        const why = at >= 0 ? `waited ${deadlineMs} ms behind ${busyWith}` : `gave no answer within ${deadlineMs} ms`;
        settle(request, { error: `${path} ${why}` });
      });
      queue.push(request);
      startNext();
    },
  };
}
