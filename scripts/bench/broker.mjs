// A part of a bench: the broker of `yizhan simulate`, in a process of its own.
process.once("message", async ({ root }) => {
  const { startEmbeddedBroker } = await import(`${root}/dist/simulator/embedded-broker.js`);
  const broker = await startEmbeddedBroker({ port: 0 });
  process.send({ url: broker.url });
});
process.on("disconnect", () => process.exit());
