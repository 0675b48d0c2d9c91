// Memory: what a parked task holds. Needs --expose-gc.

/**
 * Bytes of heap per task, with `tasks` of them waiting at one gate. They are let through
 * afterwards, and counted.
 */
exports.parking = async (peer, { tasks }) => {
  await peer.parking(100, () => {});
  const before = heap();
  let bytes = 0;
  const through = await peer.parking(tasks, () => (bytes = heap() - before));
  if (through !== tasks) throw new Error(`${through} of ${tasks} came through`);
  return [bytes / tasks];
};

function heap() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
