// Remote targets on the virtual machine, where they run in the launcher's own thread: what senders
// see. Real threads and processes are in tests/machine/remote.test.ts.

import { simulate } from "../../boot";
import { EndedError, processed, RemoteError, threaded } from "../../tasks";
import { kill, spawn, SystemError, wait, yieldCpu, type Program } from "../../syscalls";
import { attempt, sendUntilError } from "../helpers/remote";

let told: string[];
beforeEach(() => (told = []));

const sinks: Record<string, unknown> = {
  /** Writes down what it gets; does what it is told. */
  *obey() {
    try {
      for (;;) {
        try {
          const order: unknown = yield;
          told.push(`got ${JSON.stringify(order)}`);
          if (order === "crash") throw new TypeError("no such order");
          if (order === "return") return;
        } catch (error) {
          if ((error as Error).name !== "Mild") throw error;
          told.push(`caught ${(error as Error).message}`);
        }
      }
    } finally {
      told.push("finally");
    }
  },
  *bitter() {
    try {
      for (;;) yield;
    } finally {
      throw new RangeError("the disk is full");
    }
  },
  *eager() {
    throw new Error("not even once");
  },
  *hostile() {
    throw Object.create(Error.prototype, {
      message: {
        get() {
          throw new Error("do not look at me");
        },
      },
    });
  },
  *brief() {},
  *collect(list: unknown): Generator<void, void, unknown> {
    told.push(JSON.stringify(list));
    for (;;) told.push(JSON.stringify(yield));
  },
  async *later() {},
  plain() {},
  number: 5,
};

const load = (module: string): unknown =>
  module === "sinks" ? sinks : jest.requireActual<object>(module);

/** Run `main` to its end, and what it expects; returns what reached the operator. */
function run(main: () => Program): string {
  const { value, stderr } = simulate(main, { load, maxSteps: 100_000 });
  expect(value).toBeUndefined();
  return stderr;
}

test("a remote target needs a machine with threads, or with a loader of modules", () => {
  const { status } = simulate(() => threaded("sinks", "obey"));
  expect(String(status.kind === "crashed" && status.error)).toMatch(
    /ENOSYS: .*the virtual machine has no other thread; give it a loader of modules/,
  );
});

test("a remote target takes what is sent in order, and close runs its clean-up", () => {
  const stderr = run(function* main() {
    const target = yield* processed("sinks", "obey");
    expect(target).toMatchObject({ name: "obey", ended: false });
    for (let i = 0; i < 100; i++) yield* target.send(i);
    yield* target.send("x".repeat(200_000));
    yield* target.close();
    expect(told).toHaveLength(102);
    expect(told.at(-1)).toBe("finally");
    expect(target.ended).toBe(true);
    yield* target.close();
    expect(yield* attempt(target.send(1))).toEqual(
      new EndedError('cannot send to "obey" in a process: it was closed'),
    );
  });
  expect(stderr).toBe("");
});

test("one that throws is an error of a send: with its message and place, and how far it came", () => {
  run(function* main() {
    const target = yield* threaded("sinks", "obey");
    yield* target.send("fine");
    yield* target.send("crash");
    const error = yield* sendUntilError(target, 20);
    expect(error).toBeInstanceOf(RemoteError);
    const { message, cause } = error as RemoteError;
    expect(message).toMatch(
      /^"obey" in a thread threw TypeError: no such order, at message 2, in \S+remote\.test\.ts:\d+:\d+; messages lost after that: 14$/,
    );
    expect(cause).toMatchObject({ name: "TypeError", message: "no such order" });
    expect((cause as Error).stack).toMatch(/^TypeError: no such order\n +at .*remote\.test\.ts:/);
    expect(yield* attempt(target.send("again"))).toEqual(
      new EndedError('cannot send to "obey" in a thread: it threw TypeError: no such order'),
    );
    yield* target.close();
    expect(told).toEqual(['got "fine"', 'got "crash"', "finally"]);
  });
});

test("one that throws at the last message is an error of the close", () => {
  run(function* main() {
    const target = yield* threaded("sinks", "obey");
    yield* target.send("crash");
    yield* target.send("too late");
    expect(String(yield* attempt(target.close()))).toMatch(
      /threw TypeError: no such order, at message 1, .*; messages lost after that: 1$/,
    );
    yield* target.close();
  });
});

test("one that throws in its clean-up is an error of the close, once", () => {
  run(function* main() {
    const target = yield* threaded("sinks", "bitter");
    yield* target.send(1);
    expect(String(yield* attempt(target.close()))).toMatch(
      /^RemoteError: "bitter" in a thread threw RangeError: the disk is full, while it was closed, in \S+$/,
    );
    yield* target.close();
  });
});

test("one that returns takes no more, and what it did not take is not lost in silence", () => {
  run(function* main() {
    const content = yield* threaded("sinks", "obey");
    yield* content.send("return");
    yield* content.close();

    const hasty = yield* threaded("sinks", "obey");
    yield* hasty.send("return");
    yield* hasty.send("too late");
    expect(yield* attempt(hasty.close())).toEqual(
      new EndedError(
        'cannot close "obey" in a thread: it returned at message 1; messages lost after that: 1',
      ),
    );

    const brief = yield* threaded("sinks", "brief");
    expect(brief.ended).toBe(true);
    expect(yield* attempt(brief.send(1))).toEqual(
      new EndedError('cannot send to "brief" in a thread: it returned at message 0'),
    );
  });
});

test("one that is thrown into goes on if it catches that; else it comes back", () => {
  run(function* main() {
    const target = yield* threaded("sinks", "obey");
    yield* target.throw(Object.assign(new Error("mind the gap"), { name: "Mild" }));
    expect(told).toEqual(["caught mind the gap"]);
    yield* target.send(2);
    expect(String(yield* attempt(target.throw(new RangeError("too much"))))).toMatch(
      /^RemoteError: "obey" in a thread threw RangeError: too much, at message 3/,
    );
    expect(told).toEqual(["caught mind the gap", "got 2", "finally"]);
    expect(yield* attempt(target.throw(new Error()))).toBeInstanceOf(EndedError);

    const other = yield* threaded("sinks", "obey");
    expect(String(yield* attempt(other.throw({ code: 5 })))).toMatch(/threw \[object Object\]/);
  });
});

test("one that cannot be made is an error that names the reason", () => {
  const stderr = run(function* main() {
    const tries: [string, RegExp][] = [
      [
        "none",
        /^SystemError: EINVAL: the export "none" of sinks is nothing, and no gen.* exports obey, /,
      ],
      [
        "later",
        /^SystemError: EINVAL: .*"later" of sinks is of type AsyncGeneratorFunction, and no gen/,
      ],
      ["plain", /^SystemError: EINVAL: .*"plain" of sinks is of type Function, and no gen/],
      ["number", /^SystemError: EINVAL: .*"number" of sinks is of type Number, and no gen/],
      ["eager", /^RemoteError: "eager" in a thread threw Error: not even once, at its start, in /],
    ];
    for (const [entry, message] of tries) {
      expect(String(yield* attempt(threaded("sinks", entry)))).toMatch(message);
    }
    expect(String(yield* attempt(threaded("nowhere", "obey")))).toMatch(
      /^RemoteError: "obey" in a thread threw Error: Cannot find module 'nowhere'/,
    );
  });
  expect(stderr).toBe("");
});

test("one that throws what throws when it is looked at has thrown, and no more", () => {
  run(function* () {
    const error = yield* attempt(threaded("sinks", "hostile"));
    expect(String(error)).toBe(
      'RemoteError: "hostile" in a thread threw something that cannot be shown, at its start',
    );
  });
});

test("what cannot cross is refused by name, and the target takes no harm", () => {
  class Point {}
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];
  const values: [unknown, string][] = [
    [undefined, "the value is undefined"],
    [NaN, "the value is NaN"],
    [[1, -Infinity], "the value[1] is -Infinity"],
    [12n, "the value is the bigint 12n"],
    [{ key: Symbol("s") }, "the value.key is a symbol"],
    [{ rows: [1, { when: new Date() }] }, "the value.rows[1].when is of class Date"],
    [new Point(), "the value is of class Point"],
    [new Map(), "the value is of class Map"],
    [new Uint8Array(2), "the value is of class Uint8Array"],
    [{ f() {} }, "the value.f is the function f"],
    [cycle, "the value.self[0] is an object that it is itself part of"],
    // A hole is not carried either.
    [[1, , 2], "the value[1] is undefined"], // eslint-disable-line no-sparse-arrays
  ];
  run(function* main() {
    const target = yield* threaded("sinks", "obey");
    for (const [value, text] of values) {
      const error = yield* attempt(target.send(value));
      expect(error).toBeInstanceOf(SystemError);
      expect(error).toMatchObject({ errno: "EINVAL" });
      expect((error as Error).message).toContain(`EINVAL: ${text}; only what JSON carries`);
    }
    let deep: unknown = 0;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(String(yield* attempt(target.send(deep)))).toMatch(
      /EINVAL: the value is nested too deep/,
    );
    expect(String(yield* attempt(target.throw(() => {})))).toMatch(
      /EINVAL: the error is the function/,
    );
    expect(String(yield* attempt(threaded("sinks", "collect", 1n)))).toMatch(
      /EINVAL: threaded\.args\[0\] is the bigint 1n/,
    );
    yield* target.close();
    expect(told).toEqual(["finally"]);
  });
});

test("what can cross arrives as it was, and so do the arguments", () => {
  const twice = { a: null };
  const values = [
    0,
    -1.5e300,
    "",
    "\u{1f600}\ud800",
    true,
    [],
    {},
    [[1], twice, twice],
    { "": { b: [] } },
  ];
  run(function* main() {
    const target = yield* threaded("sinks", "collect", values);
    for (const value of values) yield* target.send(value);
    yield* target.send({ left: undefined, out: Object.create(null) as unknown });
    yield* target.close();
  });
  expect(told).toEqual([values, ...values, { out: {} }].map((value) => JSON.stringify(value)));
});

test("a remote target is closed when its owner dies", () => {
  run(function* main() {
    yield* (yield* threaded("sinks", "obey")).send("hello");
  });
  expect(told).toEqual(['got "hello"', "finally"]);
});

test("a remote target can be given away, and ends with its new owner", () => {
  run(function* main() {
    const target = yield* threaded("sinks", "obey");
    const user = yield* spawn(() => target.send("from its new owner"), { give: [target.fd] });
    expect(yield* wait(user)).toMatchObject({ kind: "exited" });
    expect(told).toEqual(['got "from its new owner"', "finally"]);
    expect(String(yield* attempt(target.close()))).toMatch(
      /^RemoteError: "obey" in a thread was cut off: fd \d+ has been closed/,
    );
  });
});

test("one that threw, and whose owner never heard of it, is reported", () => {
  const stderr = run(function* main() {
    yield* (yield* threaded("sinks", "obey")).send("crash");
  });
  expect(stderr).toMatch(
    /^genix: a remote target threw, and nobody was left to hear it: TypeError: no such order\n +at /,
  );
});

test("a sender may be killed at any step: the others go on, or hear that the stream is torn", () => {
  const outcomes: string[] = [];
  for (let steps = 0; steps < 8; steps++) {
    told = [];
    run(function* main() {
      const target = yield* threaded("sinks", "obey");
      const sender = yield* spawn(() => target.send("first"));
      for (let i = 0; i < steps; i++) yield* yieldCpu();
      yield* kill(sender, "KILL");
      const error = (yield* attempt(target.send("second"))) as Error | undefined;
      outcomes.push(error?.message ?? told.join(", "));
      yield* target.close();
      expect(told.at(-1)).toBe("finally");
    });
  }
  const torn =
    '"obey" in a thread was cut off: a task was killed while it wrote or read a message, after message 0';
  expect([...new Set(outcomes)]).toEqual(['got "second"', torn, 'got "first", got "second"']);
});
