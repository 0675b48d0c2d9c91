// Tests as programs: each runs on a virtual machine of its own, where time jumps, and fails with
// what went wrong in any of its tasks. Imports no test framework: it makes functions for one to
// call.

import { System } from "./boot";
import { onHostIdle, VirtualMachine, type VirtualOptions } from "./machine";
import type { ExitStatus, Program } from "./syscalls";
import { describeExit } from "./tasks";

export interface TestOptions extends VirtualOptions {
  /**
   * Run the test under so many schedules, which the seeds from 1 up choose. Default: once, first
   * come, first served.
   */
  readonly seeds?: number;
  /** How many steps the test may take; more is an endless loop. Default one million. */
  readonly maxSteps?: number;
}

/**
 * The body of a test, from the generator function `program`: `test("title", simulated(function* ()
 * { … }))`.
 *
 * What comes back resolves if the program and all its tasks ended well. It rejects with the
 * original error where an expectation failed, in any task, or the program crashed; with a report
 * after a deadlock, when a task crashed that nobody waited for, or when tasks other than daemons
 * are left running at the program's end. Promises of the host's are waited for.
 */
export function simulated<A extends unknown[]>(
  program: (...args: A) => Program<unknown>,
  options: TestOptions = {},
): (...args: A) => Promise<void> {
  return async (...args) => {
    const { seeds } = options;
    if (seeds === undefined) return runTest(() => program(...args), options);
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        await runTest(() => program(...args), { ...options, seed, shuffle: true });
      } catch (error) {
        const repeat = `to repeat it: { seed: ${seed}, shuffle: true }`;
        throw annotated(error, `It failed with seed ${seed} of ${seeds}; ${repeat}`);
      }
    }
  };
}

/**
 * `test` of jest, vitest or node:test, or its `only` or `skip`, for tests that are programs: `const
 * it = programTest(test)`, then `it("title", function* () { … })`. See `simulated`.
 */
export function programTest<R>(
  test: (title: string, body: () => Promise<void>) => R,
): (title: string, program: () => Program<unknown>, options?: TestOptions) => R {
  return (title, program, options) => test(title, simulated(program, options));
}

async function runTest(main: () => Program<unknown>, options: TestOptions): Promise<void> {
  const machine = new VirtualMachine({ maxSteps: 1_000_000, ...options });
  const system = new System(machine, main, "test");
  const watch = new Watch(machine);
  const release = onHostIdle(machine.hostIsIdle);
  await machine.runAsync().finally(release);
  const failure = watch.failed ?? failureOf(system);
  const crashes = watch.unheard.filter(({ error }) => error !== failure?.error);
  const problems = crashes.map((crash) => `${describeExit(crash)}, and nobody waited for it`);
  if (failure !== undefined) throw annotated(failure.error, problems.join("\n"));
  problems.push(...watch.left.map((task) => `${task} was left running at the end of the test`));
  if (problems.length === 0) return;
  if (watch.left.length > 0) problems.push("wait for it, kill it, or spawn it as a daemon");
  const [first] = crashes;
  throw new Error(problems.join("\n"), first === undefined ? {} : { cause: first.error });
}

interface Failure {
  readonly error: unknown;
}

/** Why the program itself came to no good end, if it did not. */
function failureOf(system: System<unknown>): Failure | undefined {
  try {
    void system.value;
  } catch (error) {
    return { error };
  }
  return system.deadlock === undefined ? undefined : { error: new Error(system.deadlock) };
}

type Crash = ExitStatus & { readonly kind: "crashed" };

/** The first task that init starts. */
const PROGRAM = 2;
/** How long those who are told to stop at the end may take, in milliseconds of their own time. */
const GRACE = 5000;

/** Sees what a test's tasks come to, and stops those that its program leaves behind. */
class Watch {
  /** The first expectation that failed. */
  failed: Failure | undefined = undefined;
  /** Crashes nobody heard of but init. */
  readonly unheard: Crash[] = [];
  /** The tasks that ran on when the program had ended, though nobody had told them to stop. */
  readonly left: string[] = [];
  readonly #machine: VirtualMachine;

  constructor(machine: VirtualMachine) {
    this.#machine = machine;
    machine.kernel.attach({
      exit: ({ pid }, status) => {
        // The kernel first finishes what comes of the end.
        if (pid === PROGRAM) machine.onStep = () => this.#clearAway();
        if (status.kind !== "crashed" || !isFailedExpectation(status.error)) return;
        this.failed ??= status;
      },
      resume: (task) => {
        const { reply } = task;
        if (task === machine.kernel.tasks.init && isCrash(reply)) this.unheard.push(reply);
      },
    });
  }

  /** The program has ended: tell those who are left to stop, and see that they do. */
  #clearAway(): void {
    const machine = this.#machine;
    const { tasks } = machine.kernel;
    for (const task of tasks) {
      const stopping = !task.alive || (task.signals !== null && task.signals.killed !== null);
      if (task !== tasks.init && !task.daemon && !stopping) this.left.push(String(task));
    }
    if (this.left.length > 0) machine.shutDown("the test has ended");
    const end = machine.now() + GRACE;
    machine.onStep = () => {
      if (machine.now() > end && this.left.length > 0) machine.shutDown("the test has ended");
    };
  }
}

function isCrash(reply: unknown): reply is Crash {
  return typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "crashed";
}

/** Is it what jest's or vitest's `expect` throws, or node:assert? */
function isFailedExpectation(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name, code, matcherResult } = error as Record<string, unknown>;
  return name === "AssertionError" || code === "ERR_ASSERTION" || matcherResult !== undefined;
}

/** The same error with `note` at the end of its message: a test's error keeps what it is. */
function annotated(error: unknown, note: string): unknown {
  if (note === "") return error;
  try {
    const it = error as { message: string; stack: string };
    const message = `${it.message}\n\n${note}`;
    it.stack = it.stack.replace(it.message, () => message);
    it.message = message;
    return error;
  } catch {
    // Not an error, or one that cannot be changed.
    return new Error(`${String(error)}\n\n${note}`, { cause: error });
  }
}
