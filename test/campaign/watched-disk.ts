/** A disk that tells of three instants of every write: before it, while it runs, and when it is durable but nobody knows yet. */
import type { AppendFile, Disk } from "../../hal/ports/disk.ts";

export type WriteMoment = "before a write" | "during a write" | "after a write";

export function watchedDisk(disk: Disk, tell: (moment: WriteMoment) => void): Disk {
  const watched = (file: AppendFile): AppendFile => ({
    append(bytes, done) {
      tell("before a write");
      file.append(bytes, (failure) => {
        tell("after a write");
        done(failure);
      });
      tell("during a write");
    },
    close: () => file.close(),
  });
  return {
    names: () => disk.names(),
    read: (name) => disk.read(name),
    truncate: (name, size) => disk.truncate(name, size),
    open: (name, done) => disk.open(name, (result) => done("file" in result ? { file: watched(result.file) } : result)),
    writeAgain: (name, from, done) => {
      tell("before a write");
      disk.writeAgain(name, from, (failure) => {
        tell("after a write");
        done(failure);
      });
      tell("during a write");
    },
    remove: (name, done) => disk.remove(name, done),
    readAt: (name, offset, length, done) => disk.readAt(name, offset, length, done),
  };
}
