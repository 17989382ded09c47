// Loaded into the controller under test by NODE_OPTIONS, so that the product needs no hook for it: SIGUSR2 blocks the event
// loop for twenty seconds, as a runaway computation would.
process.on("SIGUSR2", () => {
  const endMs = Date.now() + 20_000;
  while (Date.now() < endMs);
});
