/** The few file operations of sysfs GPIO on the real file system. It never creates a file: what is missing is an error. */
import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";
import type { GpioFiles, GpioValueFile } from "../../hal/drivers/gpio-files.ts";

function openValue(path: string): GpioValueFile {
  const descriptor = openSync(path, "r+");
  const byte = new Uint8Array(1);
  const [zero, one] = [Buffer.from("0"), Buffer.from("1")];
  return {
    // sysfs gives the level anew for every read from position 0.
    read: () => readSync(descriptor, byte, 0, 1, 0) === 1 && byte[0] === 0x31,
    write: (high) => void writeSync(descriptor, high ? one : zero, 0, 1, 0),
    close: () => closeSync(descriptor),
  };
}

export function nodeGpioFiles(): GpioFiles {
  return {
    names: (directory) => readdirSync(directory),
    exists: (path) => existsSync(path),
    read: (path) => readFileSync(path, "utf8"),
    write(path, text) {
      const descriptor = openSync(path, constants.O_WRONLY | constants.O_TRUNC);
      try {
        writeSync(descriptor, text);
      } finally {
        closeSync(descriptor);
      }
    },
    openValue,
    pause: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  };
}
