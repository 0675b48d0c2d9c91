// What genix exports that does nothing until it is yielded, by name. A test compares the lists with
// the package's types.

/** These return a system call. */
export const calls: ReadonlySet<string> = new Set([
  ...["close", "fstat", "give", "pipe", "read", "readWait", "write", "writeWait"],
  ...["accept", "connect", "getsockname", "launch", "listen", "open", "unlink"],
  ...["lock", "recover", "unlock", "park", "unpark", "promise", "select"],
  ...["aborted", "iterate", "resource"],
  ...["acquire", "borrow", "giveBack", "notify", "release", "sleepOn"],
  ...["become", "call", "exit", "getpid", "getppid", "ps", "spawn", "wait", "yieldCpu"],
  ...["alarm", "arm", "disarm", "kill", "killGroup", "lowerShield", "raiseShield", "rearm"],
  ...["interval", "limitMailbox", "receive", "tell"],
  ...["sigmask", "sigwait", "now", "random", "sleep", "sleepUntil"],
]);

/** These are generator functions. */
export const programs: ReadonlySet<string> = new Set([
  ...["follow", "pump", "processed", "threaded", "serve", "shield", "killAndWait"],
  ...["deadline", "supervise", "timeout", "withAbortSignal"],
  ...["all", "allSettled", "any", "group", "map", "race", "retry"],
  ...["drain", "each", "every", "readExactly"],
]);

/** These run the generator function they are given as a task, or within one. */
export const runners: ReadonlySet<string> = new Set([
  ...["spawn", "call", "become", "boot", "simulate", "simulateAsync"],
  ...["shield", "deadline", "timeout"],
]);
