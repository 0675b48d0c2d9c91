// The workloads of tasks that work together: channels, locks, select, groups, and their end.

const { timedRounds } = require("../rounds");

/** Nanoseconds per round trip between two tasks, over two channels of `capacity`. */
exports.pingPong = (peer, { capacity }) =>
  timedRounds(
    (hundreds) => peer.pingPong(100 * hundreds, capacity),
    100,
    (hundreds) => 100 * hundreds,
  );

/** Nanoseconds per hand-over of a lock that `tasks` tasks want. */
exports.contend = (peer, { tasks }) =>
  timedRounds(
    (turns) => peer.contend(tasks, turns),
    tasks,
    (turns) => tasks * turns,
  );

/** Nanoseconds per message that a task selects out of `width` channels. */
exports.selecting = (peer, { width }) =>
  timedRounds(
    (rounds) => peer.selecting(width, width * rounds),
    width,
    (rounds) => (width * rounds * (width * rounds - 1)) / 2,
  );

/** Nanoseconds per child of a group of `children`. */
exports.gathering = (peer, { children }) =>
  timedRounds(
    async (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += await peer.gathering(children);
      return sum;
    },
    children,
    (times) => (times * children * (children - 1)) / 2,
  );

/** Nanoseconds per task of `tasks` that wait, are told to stop, and clean up. */
exports.killing = async (peer, { tasks }) => {
  const once = async (count) => {
    let [began, took] = [0, 0];
    const cleaned = await peer.killing(
      count,
      () => (began = performance.now()),
      () => (took = performance.now() - began),
    );
    if (cleaned !== count) throw new Error(`${cleaned} of ${count} cleaned up`);
    return (took * 1e6) / count;
  };
  for (let i = 0; i < 3; i++) await once(tasks / 10);
  const samples = [];
  for (let i = 0; i < 5; i++) samples.push(await once(tasks));
  return samples;
};
