// Timelines, sequence diagrams and wait-for graphs: in the terminal as they are read, as SVG sound.

import fc from "../helpers/chance";
import { SaxesParser } from "saxes";
import { lookAtWaits } from "../../debugger/look";
import { stepAxis, timeAxis, visibleTimeAxis } from "../../debugger/pictures/axis";
import { intervalsOf } from "../../debugger/pictures/intervals";
import { messagesOf } from "../../debugger/pictures/messages";
import { sequenceSvg } from "../../debugger/pictures/sequence-svg";
import { sequenceText } from "../../debugger/pictures/sequence-text";
import { widthOf } from "../../debugger/pictures/svg";
import { columnsOf, oneLine } from "../../debugger/pictures/text";
import { timelineOf } from "../../debugger/pictures/timeline";
import { timelineSvg } from "../../debugger/pictures/timeline-svg";
import { timelineText } from "../../debugger/pictures/timeline-text";
import { layoutOf } from "../../debugger/pictures/waits-layout";
import { waitsSvg } from "../../debugger/pictures/waits-svg";
import { waitsText } from "../../debugger/pictures/waits-text";
import type { WaitPicture } from "../../debugger/world";
import { System } from "../../boot";
import { VirtualMachine } from "../../machine";
import { Channel, kill, receive, select, sleep, spawn, tell, wait, yieldCpu } from "../../syscalls";
import type { Program } from "../../syscalls";
import { Mutex, Semaphore } from "../../tasks";
import { program, scripts } from "../helpers/random-program";
import { storyOf } from "../helpers/story";

/** Two bakers, one oven, and a channel that holds one order. */
function* bakery(): Program<void> {
  const orders = new Channel<string>(1, { name: "orders" });
  const oven = new Mutex("oven");
  function* baker(): Program<void> {
    for (let i = 0; i < 2; i++) {
      yield* orders.receive();
      yield* oven.lock();
      yield* sleep(4);
      yield* oven.unlock();
    }
  }
  yield* spawn(baker(), { name: "anna" });
  yield* spawn(baker(), { name: "bert" });
  for (const order of ["bread", "rolls", "cake", "pie"]) yield* orders.send(order);
  yield* wait();
  yield* wait();
}

/** As the terminal shows it, without colours. */
function messages(main: () => Program<unknown>): string[] {
  return messagesOf(storyOf(main))
    .filter(({ from, to, kind }) => kind !== "spawn" && from !== 1 && to !== 1)
    .map(({ from, to, kind, label, sent }) => {
      return `${from} -> ${to} ${kind} ${label}${sent === null ? "" : `, sent in step ${sent}`}`;
    });
}

/** Throws if it is no well-formed XML, or holds what could run or load something. */
function checkSvg(svg: string): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    expect(["script", "image", "use", "foreignObject"]).not.toContain(name);
    expect(Object.keys(attributes).filter((key) => /^on|href/.test(key))).toEqual([]);
  });
  parser.write(svg).close();
  expect(svg).not.toMatch(/ [a-z0-9]+="[^"]*(NaN|Infinity|undefined)/);
}

describe("the timeline", () => {
  test("has a row a task and shows in the terminal what each did over time", () => {
    expect(`\n${timelineText(storyOf(bakery), 64)}`).toMatchInlineSnapshot(`
     "
     1 init ██wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww██
     2 main █▒███▒█mmmmmmmm█wwwwwwwwwwwwwwwwwwwwwwwww█wwwwwwwwwwww█
     3 anna  █m█▒█·······███LLLLLLLLLLL█············██
     4 bert   █mm█LLLLLLL█············███LLLLLLLLLLL█············██
            |0 ms           |5 ms            |10 ms           |15 ms
     █ running   ▒ ready   · waits for time   m for a message   L for a lock   w for a task to end
     "
    `);
  });

  test("over steps every step is as wide as any other", () => {
    expect(`\n${timelineText(storyOf(bakery), 64, true)}`).toMatchInlineSnapshot(`
     "
     1 init ██▒███wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww██████
     2 main  ███▒▒▒██▒███▒███▒▒█████mmmm███wwwwwwwwwwwww███ww███
     3 anna    ▒▒███mmmm███▒██·····██▒███▒██████···██▒███
     4 bert         ███mmmmm▒███LLLL███·····██▒████████···████
            |0               |10               |20 steps
     █ running   ▒ ready   · waits for time   m for a message   L for a lock   w for a task to end
     "
    `);
  });

  test("is over steps when no time passes", () => {
    const story = storyOf(function* () {
      yield* yieldCpu();
    });
    expect(timelineOf(story, 100).axis.unit).toBe("steps");
    expect(timelineOf(storyOf(bakery), 100).axis.unit).toBe("ms");
  });

  test("has children below their parents", () => {
    const story = storyOf(function* () {
      yield* spawn(
        function* () {
          yield* spawn(function* () {}, { name: "grandchild" });
          yield* sleep(1);
        },
        { name: "elder" },
      );
      yield* spawn(function* () {}, { name: "younger" });
      yield* sleep(2);
    });
    const rows = timelineOf(story, 100).rows.map(({ task, depth }) => `${task.name} ${depth}`);
    expect(rows).toEqual(["init 0", "main 1", "elder 2", "grandchild 3", "younger 2"]);
  });

  test("draws as many bars as can be seen, however long the run", () => {
    const story = storyOf(function* () {
      for (let i = 0; i < 5000; i++) yield* i % 10 === 0 ? sleep(1) : yieldCpu();
    });
    const { rows } = timelineOf(story, 200);
    for (const { bars } of rows) expect(bars.length).toBeLessThan(400);
    expect(timelineSvg(story).length).toBeLessThan(200_000);
  });

  test("shows who is stopped, and who is dead and not waited for", () => {
    const story = storyOf(function* () {
      const child = yield* spawn(function* () {
        yield* yieldCpu();
        yield* sleep(1);
      });
      yield* kill(child, "STOP");
      yield* sleep(5);
      yield* kill(child, "CONT");
      yield* sleep(5);
      yield* wait(child);
    });
    const states = intervalsOf(story, stepAxis(story))
      .get(3)
      ?.map(({ state }) => state);
    expect(states).toContain("stopped");
    expect(states).toContain("time");
    expect(states?.at(-1)).toBe("zombie");
  });

  test("shows as stopped from STOP to CONT also a task that waits, and then what it waits for", () => {
    const story = storyOf(function* () {
      const child = yield* spawn(function* () {
        yield* sleep(10);
      });
      yield* sleep(2);
      yield* kill(child, "STOP");
      yield* kill(child, "STOP");
      yield* sleep(2);
      yield* kill(child, "CONT");
      yield* wait(child);
    });
    const states = intervalsOf(story, timeAxis(story, 0))
      .get(3)
      ?.map(({ state, from, to }) => `${state} ${from.toFixed(0)}-${to.toFixed(0)}`)
      .filter((words) => /time|stopped/.test(words));
    expect(states).toEqual(["time 0-2", "stopped 2-4", "time 4-10"]);
  });

  test("counts what is narrower than a column in the column in which it is", () => {
    // Each turn waits for 9 ms, and is ready for 1 ms while the other runs.
    function* turns(): Program<void> {
      for (let i = 0; i < 100; i++) yield* sleep(9);
    }
    const { rows } = timelineOf(storyOf(turns), 80);
    const main = rows.find(({ task }) => task.pid === 2)?.bars ?? [];
    expect(main.filter(({ state }) => state === "running").length).toBeLessThan(4);
    expect(timelineText(storyOf(turns), 80)).toMatch(/\n2 main █+/);
  });
});

describe("intervals", () => {
  test("of a task follow each other without a gap, and of two tasks one runs at a time", () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, seed) => {
        const story = storyOf(program(script), { seed, shuffle: seed % 2 === 0 });
        for (const axis of [stepAxis(story), timeAxis(story, 0.01), visibleTimeAxis(story)]) {
          const all = intervalsOf(story, axis);
          expect(all.size).toBe(story.tasks.length);
          expect(all.size).toBeGreaterThan(1);
          for (const intervals of all.values()) {
            intervals.forEach(({ from, to }, i) => {
              expect(to).toBeGreaterThan(from);
              if (i > 0) expect(from).toBe(intervals[i - 1]?.to);
            });
          }
          const running = [...all.values()].flat().filter(({ state }) => state === "running");
          expect(running.length).toBe(story.steps.length);
          running.sort((a, b) => a.from - b.from);
          running.forEach(({ from }, i) =>
            expect(from).toBeGreaterThanOrEqual(running[i - 1]?.to ?? 0),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("the sequence diagram", () => {
  test("shows in the terminal who told whom, and when tasks end", () => {
    expect(`\n${sequenceText(storyOf(bakery), 96)}`).toMatchInlineSnapshot(`
     "
                             1 init             2 main             3 anna             4 bert
          1      0 ms           ├───── spawn ─────▶│                  │                  │
          2      0 ms           │                  ├───── spawn ─────▶│                  │
          5      0 ms           │                  ├─────────────── spawn ──────────────▶│
          7      0 ms           │                  ├─orders: "bread"─▶│                  │
          9      0 ms           │                  ├────────── orders: "rolls" ─────────▶│
         13      4 ms           │                  │            sleep▶│                  │
         14      4 ms           │                  │                  ├── unlock oven ──▶│
         16      4 ms           │                  ├──orders: "cake"─▶│                  │
         18      8 ms           │                  │                  │            sleep▶│
         19      8 ms           │                  │                  │◀── unlock oven ──┤
         21      8 ms           │                  ├─────────── orders: "pie" ──────────▶│
         22     12 ms           │                  │            sleep▶│                  │
         23     12 ms           │                  │                  ├── unlock oven ──▶│
         25     12 ms           │                  │◀──── exited ─────┤                  │
         26     16 ms           │                  │                               sleep▶│
         28     16 ms           │                  │◀────────────── exited ──────────────┤
         29     16 ms           │◀──── exited ─────┤
     "
    `);
  });

  test("has its arrows below the tasks' names, whatever fraction of a millisecond it is", () => {
    const story = storyOf(function* main() {
      for (const pause of [0.123456, 99.73438, 9_876.54321, 98_765.4321]) yield* sleep(pause);
    });
    expect(`\n${sequenceText(story, 60)}`).toMatchInlineSnapshot(`
     "
                              1 init               2 main
          1      0 ms            ├────── spawn ──────▶│
          3    0.1 ms            │              sleep▶│
          4   99.9 ms            │              sleep▶│
          5 9976.4 ms            │              sleep▶│
          6 108742 ms            │              sleep▶│
          7 108742 ms            │◀───── exited ──────┤
     "
    `);
  });

  test("has the message of a channel whose name has a comma in it", () => {
    const told = messages(function* () {
      const jobs = new Channel<number>(1, { name: "fast, slow" });
      yield* spawn(function* taker() {
        yield* sleep(1);
        yield* jobs.receive();
      });
      yield* jobs.send(7);
      yield* sleep(2);
    });
    expect(told).toContain("2 -> 3 message fast, slow: 7, sent in step 5");
  });

  test("is a list where the tasks do not fit side by side", () => {
    expect(sequenceText(storyOf(bakery), 60).split("\n").slice(0, 3)).toEqual([
      "     1      0 ms  1 init -> 2 main              spawn",
      "     2      0 ms  2 main -> 3 anna              spawn",
      "     5      0 ms  2 main -> 4 bert              spawn",
    ]);
  });

  test("has a message that waited in a channel or a mailbox when it is received", () => {
    expect(
      messages(function* main() {
        const jobs = new Channel<number>(5, { name: "jobs" });
        const worker = yield* spawn(function* worker() {
          yield* sleep(1);
          yield* jobs.receive();
          yield* receive();
          yield* jobs.receive();
        });
        yield* jobs.send(11);
        yield* jobs.send(1);
        yield* tell(worker, "hello");
        yield* wait();
      }),
    ).toEqual([
      "0 -> 3 timer sleep",
      "2 -> 3 message jobs: 11, sent in step 5",
      '2 -> 3 message task 3: "hello", sent in step 7',
      "2 -> 3 message jobs: 1, sent in step 6",
      "3 -> 2 exit exited",
    ]);
  });

  test("has a message of a sender that had to wait, and none of one that gave up", () => {
    expect(
      messages(function* main() {
        const jobs = new Channel<number>(0, { name: "jobs" });
        yield* spawn(function* sender() {
          yield* select({ sent: jobs.send(1), late: sleep(1) });
          yield* jobs.send(2);
        });
        yield* sleep(5);
        yield* jobs.receive();
        yield* wait();
      }),
    ).toEqual([
      "0 -> 3 timer select",
      "0 -> 2 timer sleep",
      "3 -> 2 message jobs: 2, sent in step 6",
    ]);
  });

  test("has a select's message, a lock that is handed over, a signal, an end", () => {
    expect(
      messages(function* main() {
        const jobs = new Channel<number>(0, { name: "jobs" });
        const mutex = new Mutex("fork");
        yield* mutex.lock();
        const child = yield* spawn(function* () {
          yield* select({ job: jobs.receive(), late: sleep(1000) });
          yield* mutex.lock();
          yield* sleep(1000);
        });
        yield* yieldCpu();
        yield* jobs.send(5);
        yield* yieldCpu();
        yield* mutex.unlock();
        yield* sleep(1);
        yield* kill(child, "TERM", "enough");
        yield* wait();
      }),
    ).toEqual([
      "2 -> 3 message jobs: 5",
      "2 -> 3 wake unlock fork",
      "0 -> 2 timer sleep",
      "2 -> 3 signal TERM: enough",
    ]);
  });

  test("stops after as many messages as are asked for, and says how many more there are", () => {
    const story = storyOf(bakery);
    const { length } = messagesOf(story);
    expect(sequenceText(story, 80, 3)).toContain(`and ${length - 3} more\n`);
    expect(sequenceSvg(story, 3)).toContain(`and ${length - 3} more`);
    expect(
      sequenceText(
        storyOf(function* () {}),
        80,
      ),
    ).toContain("spawn");
  });
});

/** How the system stands when nothing can happen any more. */
function stuck(main: () => Program<unknown>): WaitPicture {
  const machine = new VirtualMachine();
  new System(machine, main, "main");
  let picture: WaitPicture | undefined;
  machine.onDeadlock = () => (picture ??= lookAtWaits(machine.kernel, machine.now()));
  machine.run();
  if (picture === undefined) throw new Error("no deadlock");
  return picture;
}

function philosophers(count: number, guests: number = 0): () => Program<void> {
  return function* () {
    const forks = Array.from({ length: count }, (_, i) => new Mutex(`fork ${i}`));
    function* dine(left: Mutex, right: Mutex): Program<void> {
      yield* left.lock();
      yield* sleep(1);
      yield* right.lock();
    }
    for (let i = 0; i < count; i++) {
      const [left, right] = [forks[i] as Mutex, forks[(i + 1) % count] as Mutex];
      yield* spawn(dine(left, right), { name: `philosopher ${i}` });
    }
    for (let i = 0; i < guests; i++) {
      yield* spawn(function* () {
        yield* sleep(2);
        yield* (forks[0] as Mutex).lock();
      });
    }
    while (true) yield* wait();
  };
}

/** Of so many guests so many have a seat, and keep it. */
function* crowd(seats: number, guests: number): Program<void> {
  const semaphore = new Semaphore(seats, { name: "seats" });
  const never = new Channel<void>();
  for (let i = 0; i < guests; i++) {
    yield* spawn(semaphore.with(never.receive()), { name: "guest" });
  }
  while (true) yield* wait();
}

function named(count: number): string {
  return Array.from({ length: count }, (_, i) => `task ${i + 3} "guest"`).join(", ");
}

describe("the wait-for graph", () => {
  test("names in the terminal who waits for whom and the circle", () => {
    expect(`\n${waitsText(stuck(philosophers(3)))}`).toMatchInlineSnapshot(`
     "
     after step 15, at 1 ms:
       3 philosopher 0 -> 4 philosopher 1  the lock fork 1
       4 philosopher 1 -> 5 philosopher 2  the lock fork 2
       5 philosopher 2 -> 3 philosopher 0  the lock fork 0
       2 main waits for any of its 3 children
       circle: 3 philosopher 0 -> 4 philosopher 1 -> 5 philosopher 2 -> 3 philosopher 0
     "
    `);
  });

  test("has the circle's tasks and arrows marked, and parents in a note", () => {
    const svg = waitsSvg(stuck(philosophers(3)));
    checkSvg(svg);
    expect(svg.match(/class="wait stuck"/g)).toHaveLength(3);
    expect(svg.match(/<g class="stuck">/g)).toHaveLength(3);
    expect(svg).toContain("2 main waits for any of its 3 children");
  });

  test("keeps the labels of two who wait for each other apart, however long, and on top", () => {
    const svg = waitsSvg(stuck(philosophers(2)));
    const labels = [...svg.matchAll(/<text x="\S+" y="(\S+)" class="what stuck"/g)];
    const [one, other] = labels.map(([, y]) => Number(y));
    expect(labels).toHaveLength(2);
    expect(Math.abs((one ?? 0) - (other ?? 0))).toBeGreaterThan(20);
    expect(svg.lastIndexOf('<path class="wait')).toBeLessThan(svg.indexOf('class="what'));
  });

  test("is as wide as what is written on it", () => {
    const picture = { ...stuck(philosophers(2)), step: 123456, time: 12345.6 };
    const [, width] = /<svg [^>]*width="([\d.]+)"/.exec(waitsSvg(picture)) ?? [];
    const [, subtitle = ""] = />(after step [^<]*)</.exec(waitsSvg(picture)) ?? [];
    expect(subtitle).toMatch(/always will$/);
    expect(Number(width)).toBeGreaterThan(widthOf(subtitle) + 16);
  });

  test("draws no two tasks in one place, and of very many that wait for the same a few", () => {
    const { nodes, edges } = layoutOf(stuck(philosophers(3, 100)));
    const places = new Set(
      [...nodes.values()].map(({ x, y }) => `${x.toFixed(0)} ${y.toFixed(0)}`),
    );
    expect(places.size).toBe(nodes.size);
    expect(nodes.size).toBe(3 + 8);
    expect(Math.max(...[...nodes.values()].map(({ more }) => more))).toBe(100 - 8);
    expect(edges.filter((edge) => edge.stuck)).toHaveLength(3);
  });

  test("tells in words of those who wait for what very many hold", () => {
    const picture = stuck(() => crowd(1000, 2000));
    // Not the product: those who wait share the list of those who hold.
    const shared = new Set(picture.waits.filter(({ to }) => to.length > 900).map(({ to }) => to));
    expect(picture.waits.length + [...shared].flat().length).toBeLessThan(5000);
    const lines = waitsText(picture).split("\n");
    expect(lines.filter((line) => / -> /.test(line))).toEqual([]);
    expect(lines).toContain("  1003 guest waits for the semaphore seats, held by 1000 tasks");
    expect(waitsSvg(picture)).toContain("and 991 more wait for many");
    expect(picture.tasks.find(({ pid }) => pid === 1003)?.waitsFor).toBe(
      `the semaphore seats, held by ${named(12)} and 988 more`,
    );
  });

  test("draws each who holds a semaphore when they are few", () => {
    const picture = stuck(() => crowd(3, 5));
    expect(layoutOf(picture).edges).toHaveLength(3 * 2);
    expect(picture.tasks.find(({ pid }) => pid === 6)?.waitsFor).toBe(
      `the semaphore seats, held by ${named(3)}`,
    );
  });

  test("says so when nobody waits for anybody", () => {
    const { kernel } = new VirtualMachine();
    expect(waitsText(lookAtWaits(kernel, 0))).toBe(
      "after step 0, at 0 ms: nobody waits for anybody\n",
    );
    checkSvg(waitsSvg(lookAtWaits(kernel, 0)));
  });

  test("says so when only init waits, which it always does", () => {
    const machine = new VirtualMachine();
    function* main(): Program<void> {
      yield* sleep(1);
    }
    new System(machine, main, "main");
    while (machine.step());
    const picture = lookAtWaits(machine.kernel, 0);
    expect(picture.waits).not.toEqual([]);
    expect(waitsText(picture)).toMatch(/^after step \d+, at 0 ms: nobody waits for anybody\n$/);
    expect(waitsSvg(picture)).toContain("Nobody waits for anybody");
  });
});

describe("every picture", () => {
  const hostile = [
    `</text><script>alert("1")</script>`,
    "a & b < c > d 'e' \"f\"",
    "line\nbreak\tand\u0000control\u001b[31m\ud800",
    "x".repeat(10_000),
  ];

  test.each(hostile)("is sound SVG and plain text with a task named %j", (name) => {
    const story = storyOf(function* () {
      const channel = new Channel<string>(0, { name });
      yield* spawn(
        function* () {
          yield* channel.receive();
        },
        { name },
      );
      yield* channel.send(name);
      yield* wait();
    });
    for (const svg of [timelineSvg(story), sequenceSvg(story)]) {
      checkSvg(svg);
      expect(svg.length).toBeLessThan(20_000);
    }
    for (const text of [timelineText(story, 80), sequenceText(story, 80)]) {
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\ud800]/);
      for (const line of text.split("\n")) expect([...line].length).toBeLessThan(110);
    }
    const picture = stuck(function* () {
      const [a, b] = [new Mutex(name), new Mutex(`${name} 2`)];
      const dine = function* (left: Mutex, right: Mutex): Program<void> {
        yield* left.lock();
        yield* sleep(1);
        yield* right.lock();
      };
      yield* spawn(dine(a, b), { name });
      yield* spawn(dine(b, a), { name });
      yield* wait();
    });
    checkSvg(waitsSvg(picture));
    // eslint-disable-next-line no-control-regex
    expect(waitsText(picture)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\ud800]/);
  });

  test("is sound of random programs", () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, seed) => {
        const story = storyOf(program(script), { seed, shuffle: true });
        for (const svg of [
          timelineSvg(story),
          timelineSvg(story, { steps: true }),
          sequenceSvg(story),
        ]) {
          checkSvg(svg);
        }
        timelineText(story, 80);
        sequenceText(story, 80);
      }),
      { numRuns: 50 },
    );
  });

  test("has a row for each of more tasks than a function takes arguments", () => {
    const tasks = Array.from({ length: 130_000 }, (_, i) => ({
      pid: i + 1,
      parent: i && 1,
      name: "",
    }));
    const story = { program: "", args: [], tasks, steps: [], happenings: [] };
    expect(timelineText(story, 80)).toContain("\n130000");
    expect(timelineSvg(story)).toContain("130000 ");
  });

  test("of a story of no steps is empty, and sound", () => {
    const story = { program: "none.ts", args: [], tasks: [], steps: [], happenings: [] };
    for (const svg of [timelineSvg(story), sequenceSvg(story)]) checkSvg(svg);
    timelineText(story, 80);
    expect(sequenceText(story, 80)).toBe("no messages and no wake-ups\n");
  });
});

test("what is shown on one line is cut to its length, and what cannot be shown is replaced", () => {
  expect(oneLine("short", 10)).toBe("short");
  expect(oneLine("0123456789x", 10)).toBe("012345678…");
  expect(oneLine("a\n b\u0007", 10)).toBe("a b\ufffd");
  expect(oneLine("😀😀😀", 3)).toBe("😀…");
  expect(oneLine("😀😀😀", 6)).toBe("😀😀😀");
  expect(oneLine("東京", 4)).toBe("東京");
  expect(oneLine("東京駅", 4)).toBe("東…");
  expect(oneLine(`${" ".repeat(1000)}end`, 5)).toMatch(/…$/);
});

test("what takes two columns of a terminal, or none, moves nothing that stands behind it", () => {
  const story = storyOf(function* (): Program<void> {
    const jobs = new Channel<string>(0, { name: "東京" });
    function* hear(): Program<void> {
      for (const _ of [1, 2, 3]) yield* jobs.receive();
    }
    const pid = yield* spawn(hear(), { name: "it" });
    for (const text of ["😀😀", "e\u0301e\u0301", "ascii"]) yield* jobs.send(text);
    yield* wait(pid);
  });
  const called = (name: string): typeof story => {
    return {
      ...story,
      tasks: story.tasks.map((task) => (task.pid === 3 ? { ...task, name } : task)),
    };
  };
  const [wide, narrow] = ["日本語の仕事", "x".repeat(12)];
  for (const draw of [timelineText, sequenceText]) {
    expect(draw(called(wide), 80).replaceAll(wide, narrow)).toBe(draw(called(narrow), 80));
  }
  // The lifeline of the last task is in the same column, whoever is told what.
  const drawn = sequenceText(story, 100).split("\n").slice(1);
  const ends = drawn.filter((row) => row.includes("▶")).map((row) => columnsOf(row));
  expect(ends.length).toBeGreaterThan(2);
  expect(new Set(ends).size).toBe(1);
});

test("no line is wider than was asked for, whatever names and times there are", () => {
  function* pause(time: number): Program<void> {
    yield* sleep(time);
  }
  const story = storyOf(function* (): Program<void> {
    for (const [i, time] of [0.000001, 0.02, 5, 3_600_000, 31_557_600_000].entries()) {
      yield* spawn(pause(time), { name: `${"日本".repeat(i)} ${time}` });
    }
    for (let i = 0; i < 5; i++) yield* wait();
  });
  for (let width = 20; width <= 300; width += 7) {
    for (const steps of [false, true]) {
      const [legend = "", ...lines] = timelineText(story, width, steps)
        .trimEnd()
        .split("\n")
        .reverse();
      expect(legend).toContain("running");
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
    }
    const lines = sequenceText(story, width).split("\n");
    // A step, a time and two names need some room.
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(Math.max(45, width));
  }
});
