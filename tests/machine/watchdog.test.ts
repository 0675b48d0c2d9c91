// What the watchdog says after the step. Its thread cannot speak here: jest has a global object of its own.

import { boot, type Program } from "../../index";
import { ps, yieldCpu } from "../../syscalls";

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function reports(main: () => Program): Promise<string[]> {
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  // A busy host may give a task no CPU time, and then it is not to blame: here it always is.
  let user = 1e12;
  const cpu = jest.spyOn(process, "cpuUsage");
  cpu.mockImplementation(() => ({ user: (user += 1e9), system: 0 }));
  try {
    await boot(main, { watchdog: 2 });
    const texts = write.mock.calls.map(([text]) => String(text));
    return texts.filter((text) => text.includes(`"main"`));
  } finally {
    cpu.mockRestore();
    write.mockRestore();
  }
}

test("a step that was over before it was seen is reported when it ends, with how long it took", async () => {
  const [report = "", ...more] = await reports(function* main() {
    spin(10);
    yield* yieldCpu();
  });
  expect(report).toMatch(/^genix: task 2 "main" has run for \d+ ms without a yield/);
  expect(Number(/for (\d+) ms/.exec(report)?.[1])).toBeGreaterThanOrEqual(10);
  expect(more).toEqual([]);
});

test("a task that is slow again and again is reported once in five seconds", async () => {
  const texts = await reports(function* main() {
    for (let i = 0; i < 3; i++) {
      spin(10);
      yield* yieldCpu();
    }
  });
  expect(texts).toHaveLength(1);
});

test("it keeps no account of CPU time that nobody asked for", async () => {
  let times: number[] = [];
  await reports(function* main() {
    spin(10);
    times = (yield* ps()).map(({ cpuTime }) => cpuTime);
  });
  expect(times).toEqual([0, 0]);
});
