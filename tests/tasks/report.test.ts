// Reports of crashes, and above all of those whose errors are hostile: whatever a program throws,
// init tells of it and lives.

import { describeExit } from "../../tasks";
import { sleep, spawn } from "../../syscalls";
import { run } from "../helpers/run";

const refuse = (): never => {
  throw new Error("do not look at me");
};
const trap = { get: refuse };

const hostile: Readonly<Record<string, unknown>> = {
  "a proxy": new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse }),
  "an object whose toString throws": { toString: refuse },
  "an object without a prototype": Object.create(null) as unknown,
  "an error whose getters throw": Object.create(Error.prototype, {
    name: trap,
    message: trap,
    stack: trap,
    cause: trap,
  }) as unknown,
  "an error whose name is a symbol": Object.assign(new Error("x"), { name: Symbol("x") }),
};
const kinds = Object.keys(hostile);

test.each(kinds)("%s is thrown by a task nobody waits for", (kind) => {
  const { value, stderr, crashes } = run(function* () {
    yield* spawn(
      function* () {
        throw hostile[kind];
      },
      { name: "bad", detached: true },
    );
    yield* sleep(1);
    return "alive";
  });
  expect({ value, crashes }).toEqual({ value: "alive", crashes: 1 });
  expect(stderr).toBe('task 3 "bad" crashed\n  thrown: something that cannot be shown\n');
});

test.each(kinds)("%s in an exit status still makes one line", (kind) => {
  const status = { kind: "crashed", pid: 3, name: "bad", error: hostile[kind] } as const;
  expect(describeExit(status)).toBe('task 3 "bad" crashed: something that cannot be shown');
});

test("an error whose stack is no text, and a cause that cannot be shown, cost no more than that", () => {
  const { stderr } = run(function* () {
    const cause: unknown = Object.create(null);
    throw Object.assign(new Error("plain", { cause }), { stack: 42 });
  });
  expect(stderr).toBe(
    'task 2 "main" crashed\n  Error: plain\n  thrown: something that cannot be shown\n',
  );
});
