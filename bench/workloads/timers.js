// Timers: what it costs to let many tasks sleep, and how late the latest wakes.

const LEAD = 2000; // Milliseconds to make the tasks in, before the first is due.
const SPREAD = 1000; // Milliseconds over which they are due.

/** Returns [CPU time per timer in microseconds] and [the worst lateness in milliseconds]. */
exports.timers = async (peer, { tasks }) => {
  await peer.timers(
    1000,
    () => 1,
    () => {},
  );
  const began = performance.now();
  // 7919 is a prime: the deadlines come in no order.
  const deadline = (i) => began + LEAD + (((i * 7919) % tasks) / tasks) * SPREAD;
  let [fired, worst] = [0, 0];
  const cpu = process.cpuUsage();
  await peer.timers(
    tasks,
    (i) => deadline(i) - performance.now(),
    (i) => {
      fired += 1;
      worst = Math.max(worst, performance.now() - deadline(i));
    },
  );
  const { user, system } = process.cpuUsage(cpu);
  if (fired !== tasks) throw new Error(`${fired} of ${tasks} fired`);
  return { cpu: [(user + system) / tasks], late: [worst] };
};
