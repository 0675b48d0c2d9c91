// Part 6. Killing a task inside a subroutine.
//
// pyos8 closed only the frame that ran: the subroutine stopped, and its caller went on as if it
// had returned. JavaScript's own generator.return() has a hole of the same kind: a clean-up that
// yields brings the outer generator back to life.
//
// Here a kill is an exception that goes through every frame. Look for the clean-ups, innermost
// first, each of which may itself take its time, and for the three lines that say "not reached":
// there are none. The exit status tells who did it and why.

import { call, kill, sleep, spawn, wait, type Program } from "../syscalls";
import { describeExit } from "../tasks";

export const about = "bad luck 5: a kill inside a subroutine runs every clean-up, and only those";

function* office(): Program<void> {
  try {
    yield* call(desk());
    console.log("office: not reached");
  } finally {
    console.log("office: locked up");
  }
}

function* desk(): Program<void> {
  try {
    // A native yield* and a kernel call may be mixed: a kill goes through both.
    yield* drawer();
    console.log("desk: not reached");
  } finally {
    yield* sleep(10);
    console.log("desk: tidied up, which took 10 ms");
  }
}

function* drawer(): Program<void> {
  try {
    console.log("drawer: working, three frames deep");
    yield* sleep(1_000_000);
    console.log("drawer: not reached");
  } finally {
    console.log("drawer: shut");
  }
}

export default function* main(): Program<void> {
  const pid = yield* spawn(office);
  console.log("main: it is five o'clock");
  yield* kill(pid, "TERM", "closing time");
  yield* kill(pid, "TERM", "this second one does not disturb the clean-up");
  console.log(`main: ${describeExit(yield* wait(pid))}`);
}
