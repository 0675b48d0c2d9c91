// Part 8. Trampolining, by hand.
//
// A generator can only yield to the one who resumed it. So how can a coroutine call a subroutine
// that itself yields? By a trick: it yields the subroutine to the loop that drives it, the loop
// runs that first, and sends its result back in. Control bounces: down to the loop, up into the
// next routine.
//
// First look at `stepByStep`, which does it once, with nothing hidden. Then at `run`, the same
// with a stack. The stack is an array of ours and not the processor's: a recursion 100,000 deep is
// no more than a long array.

import type { Program } from "../syscalls";

export const about = "a trampoline made by hand: subroutines that yield, and deep recursion";

/** Yields the routines it calls; is resumed with what they return. */
type Routine = Generator<Routine, number, number>;

function* add(x: number, y: number): Routine {
  return x + y;
}

function* addThree(x: number, y: number, z: number): Routine {
  const two = yield add(x, y);
  console.log(`  the subroutine came back with ${two}`);
  return yield add(two, z);
}

/** The sum of the numbers up to `n`, the slow way: a call for each. */
function* sum(n: number): Routine {
  return n === 0 ? 0 : n + (yield sum(n - 1));
}

/** What a trampoline does, once: run to the call, run the subroutine, send its result back. */
function stepByStep(): void {
  const caller = addThree(1, 2, 3);
  const called = caller.next();
  if (called.done === true) return;
  const returned = called.value.next();
  if (returned.done === true) caller.next(returned.value);
}

/** The trampoline: runs `routine` and all it calls; returns what it returns. */
function run(routine: Routine): { result: number; deepest: number } {
  const callers: Routine[] = [];
  let deepest = 0;
  let current = routine;
  let step = current.next();
  for (;;) {
    if (step.done !== true) {
      callers.push(current);
      deepest = Math.max(deepest, callers.length);
      current = step.value;
      step = current.next();
    } else {
      const caller = callers.pop();
      if (caller === undefined) return { result: step.value, deepest };
      current = caller;
      step = current.next(step.value);
    }
  }
}

export default function* main(): Program<void> {
  console.log("One call, by hand:");
  stepByStep();

  console.log("The same on a trampoline:");
  console.log(`  1 + 2 + 3 = ${run(addThree(1, 2, 3)).result}`);

  console.log("A recursion on a trampoline:");
  const { result, deepest } = run(sum(100_000));
  console.log(`  1 + … + 100,000 = ${result}, ${deepest} calls deep`);

  console.log(
    "What is missing: exceptions that reach the caller's try, and other tasks meanwhile.",
  );
  console.log("See the next demo.");
}
