// Part 6 of the course, the bad ones: what each demo prints, and that each is told what went wrong.

import { System } from "../../boot";
import { VirtualMachine } from "../../machine";
import * as crash from "../../demos/61-crash";
import * as freeze from "../../demos/62-freeze";
import * as allBlocked from "../../demos/63-all-blocked";
import * as twoReaders from "../../demos/64-two-readers";
import * as killInSubroutine from "../../demos/65-kill-in-subroutine";
import { runDemo } from "../helpers/demo";

test("61: a crash leaves the others alone, and whoever waits learns why; else init tells", () => {
  const transcript = runDemo(crash);
  expect(transcript).toMatch(/^ {6}at clumsy \(.*61-crash\.ts:\d+:\d+\)$/m);
  expect(transcript.replace(/^ +at .*\n/gm, "")).toMatchInlineSnapshot(`
   "worker: sweep
   clumsy: I shall carry the vase
   main: task 4 "clumsy" crashed: Error: dropped it
   worker: wash
   worker: polish
   main: the worker made a clean house
   main: once more, and this time nobody waits for it
   clumsy: I shall carry the vase
   task 5 "clumsy" crashed
     Error: dropped it
         in task 5 "clumsy"
         in task 1 "init"
   main: still here
   "
  `);
});

test("62: on the virtual machine no beat is ever late", () => {
  expect(runDemo(freeze)).toMatchInlineSnapshot(`
   "A hog computes in one piece:
     beat 1 is in time
     beat 2 is in time
     the hog is done
     beat 3 is in time
     beat 4 is in time
     beat 5 is in time
     nobody had to wait
   The same work, with a yieldCpu() every millisecond:
     beat 1 is in time
     beat 2 is in time
     the hog is done
     beat 3 is in time
     beat 4 is in time
     beat 5 is in time
     nobody had to wait
   "
  `);
});

test("62: on a clock that goes on, a hog delays the beat, and one that yields does not", () => {
  const lines: string[] = [];
  const log = jest
    .spyOn(console, "log")
    .mockImplementation((line: string) => void lines.push(line));
  // Every look at the host's clock takes a millisecond, so that computing takes time here too.
  let clock = 0;
  const look = jest.spyOn(Date, "now").mockImplementation(() => (clock += 1));
  const machine = new VirtualMachine();
  machine.now = () => clock;
  const { kernel } = new System(machine, freeze.default);
  while (kernel.tasks.init?.alive === true) {
    if (!kernel.step()) clock = Math.max(clock, kernel.timers.next);
    kernel.tick(clock);
  }
  log.mockRestore();
  look.mockRestore();
  expect(lines.join("\n")).toMatchInlineSnapshot(`
   "A hog computes in one piece:
     beat 1 is in time
     beat 2 is in time
     the hog is done
     beat 3 is far too late
     beat 4 is in time
     beat 5 is in time
     everything stood still meanwhile
   The same work, with a yieldCpu() every millisecond:
     beat 1 is in time
     beat 2 is in time
     beat 3 is in time
     beat 4 is in time
     beat 5 is in time
     the hog is done
     nobody had to wait"
  `);
});

test("63: a deadlock is reported with who waits for what, and everybody's clean-up runs", () => {
  expect(runDemo(allBlocked)).toMatchInlineSnapshot(`
   "Alice has one fork
   Bob has one fork
   genix: deadlock: every task waits, and nothing is left that could wake one
     task 2 "main" waits in wait(3): a child to exit
     task 3 "Alice" waits in park([WaitQueue "the right fork"]): the right fork
     task 4 "Bob" waits in park([WaitQueue "the left fork"]): the left fork
   Bob puts it down
   Alice puts it down
   "
  `);
});

test("64: the second reader gets EBUSY, and both get their letters", () => {
  expect(runDemo(twoReaders)).toMatchInlineSnapshot(`
   "Ann looks into the mailbox
   Ben looks into the mailbox
   here comes the post
   EBUSY: task 4 "Ben": read(3, 8): task 3 "Ann" reads it already
   Ann has letter 1
   Ben looks into the mailbox
   Ben has letter 2
   "
  `);
});

test("65: a kill runs every frame's clean-up, innermost first, and none of the code after", () => {
  expect(runDemo(killInSubroutine)).toMatchInlineSnapshot(`
   "main: it is five o'clock
   drawer: working, three frames deep
   drawer: shut
   desk: tidied up, which took 10 ms
   office: locked up
   main: task 3 "office" was killed with TERM by task 2 "main": closing time
   "
  `);
});
