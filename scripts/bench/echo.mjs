// A part of a bench: the least that any controller could do. It answers a code with five bytes, at once or after it has
// written and synced a record of the size that the controller writes.
import { fdatasync, openSync, write } from "node:fs";

process.once("message", async ({ root, path, file, recordBytes }) => {
  const { nodeWire } = await import(`${root}/dist/firmware/platform/node-wire.js`);
  const descriptor = openSync(file, "a");
  const record = new Uint8Array(recordBytes).fill(0x20);
  const answer = Uint8Array.of(0x8a, 0x01, 0x01, 0x11, 0x9b);
  let heard = "";
  const wire = nodeWire()(
    { path, baud: 9600, stopBits: 1 },
    {
      opened: () => process.send({ ready: true }),
      bytes(chunk) {
        heard += Buffer.from(chunk).toString("latin1");
        if (!heard.endsWith("\n")) return;
        const synced = heard.startsWith("sync");
        heard = "";
        if (synced) write(descriptor, record, () => fdatasync(descriptor, () => wire.write(answer)));
        else wire.write(answer);
      },
      closed: (why) => {
        throw new Error(why);
      },
    },
  );
});
process.on("disconnect", () => process.exit());
