import { sleep } from "../../syscalls";
import { coroutine, EndedError, ReentryError, type Receiver, type Target } from "../../tasks";

let log: string[];
beforeEach(() => (log = []));

/** Logs what it gets, and its end; sends what it is told to. */
const printer = coroutine(function* printer(label: string = "printer"): Receiver<unknown> {
  try {
    for (;;) log.push(`${label} ${String(yield)}`);
  } finally {
    log.push(`${label} ends`);
  }
});

/** Passes everything on, and a last word at its end. */
const relay = coroutine(function* relay(
  target: Target<unknown>,
  last?: unknown,
): Receiver<unknown> {
  try {
    for (;;) target.send(yield);
  } finally {
    log.push("relay ends");
    if (last !== undefined) target.send(last);
  }
});

function explode(label: string): never {
  throw new Error(label);
}

/** What `action` throws, as text. */
function thrown(action: () => void): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing was thrown");
}

describe("sending", () => {
  test("the first value arrives, because a coroutine is primed when it is made", () => {
    const target = printer();
    target.send("first");
    target.send(undefined);
    target.send(null);
    expect(log).toEqual(["printer first", "printer undefined", "printer null"]);
  });

  test("a coroutine is named after its function; two of one maker are independent", () => {
    const [one, two] = [printer("one"), printer("two")];
    one.close();
    two.send(1);
    expect([one.name, one.ended, two.ended]).toEqual(["printer", true, false]);
    expect(log).toEqual(["one ends", "two 1"]);
    expect(coroutine(() => (function* (): Receiver<1> {})())().name).toBe("coroutine");
  });

  test("the send that makes the body return succeeds, the next one is an error", () => {
    const once = coroutine(function* once(): Receiver<string> {
      log.push(yield);
    })();
    once.send("a");
    expect(once.ended).toBe(true);
    expect(() => once.send("b")).toThrow(EndedError);
    expect(thrown(() => once.send("b"))).toBe('EndedError: cannot send to "once": it returned');
    expect(log).toEqual(["a"]);
  });

  test("what the body throws reaches the sender, and later sends say what happened", () => {
    const fragile = coroutine(function* fragile(): Receiver<number> {
      for (;;) if ((yield) < 0) throw new RangeError("negative");
    })();
    fragile.send(1);
    expect(thrown(() => fragile.send(-1))).toBe("RangeError: negative");
    expect(thrown(() => fragile.send(1))).toBe(
      'EndedError: cannot send to "fragile": it threw RangeError: negative',
    );
  });

  test("an error goes up through the senders; each of them may catch it, or ends", () => {
    const bad = () =>
      coroutine(function* bad(): Receiver<unknown> {
        yield;
        throw new Error("disk full");
      })();
    const top = relay(relay(bad()));
    expect(thrown(() => top.send(1))).toBe("Error: disk full");
    expect([top.ended, log]).toEqual([true, ["relay ends", "relay ends"]]);

    const careful = coroutine(function* careful(target: Target<unknown>): Receiver<unknown> {
      for (;;) {
        const value = yield;
        log.push(thrown(() => target.send(value)));
      }
    })(bad());
    careful.send(1);
    careful.send(2);
    expect(careful.ended).toBe(false);
    expect(log.slice(2)).toEqual([
      "Error: disk full",
      'EndedError: cannot send to "bad": it threw Error: disk full',
    ]);
  });

  test("a body that never receives has ended before the first send", () => {
    const idle = coroutine(function* idle(): Receiver<unknown> {})();
    expect(thrown(() => idle.send(1))).toBe('EndedError: cannot send to "idle": it returned');
  });
});

describe("closing", () => {
  test("runs the clean-up from the head down, each target after the last word of its sender", () => {
    const head = relay(relay(printer(), "inner last"), "outer last");
    head.send("x");
    head.close();
    expect(log).toEqual([
      "printer x",
      "relay ends",
      "printer outer last",
      "relay ends",
      "printer inner last",
      "printer ends",
    ]);
  });

  test("closing again does nothing, a send after it is an error", () => {
    const target = printer();
    target.close();
    target.close();
    expect(log).toEqual(["printer ends"]);
    expect(thrown(() => target.send(1))).toBe(
      'EndedError: cannot send to "printer": it was closed',
    );
  });

  test.each([
    [
      "returns",
      function* (_: Target<unknown>): Receiver<unknown> {
        yield;
      },
      false,
    ],
    [
      "throws",
      function* (_: Target<unknown>): Receiver<unknown> {
        yield;
        throw new Error("x");
      },
      true,
    ],
  ])("targets are closed when the body %s", (_how, body, throws) => {
    const head = coroutine(body)(printer());
    if (throws) expect(() => head.send(1)).toThrow("x");
    else head.send(1);
    expect(log).toEqual(["printer ends"]);
  });

  test("targets are closed when the body throws before its first yield", () => {
    const stillborn = coroutine(function* stillborn(_: Target<unknown>): Receiver<unknown> {
      throw new Error("bad pattern");
    });
    expect(() => stillborn(printer())).toThrow("bad pattern");
    expect(log).toEqual(["printer ends"]);
  });

  test("targets in an array are closed too, all of them, even when a clean-up throws", () => {
    const explosive = coroutine(function* explosive(label: string): Receiver<unknown> {
      try {
        yield;
      } finally {
        explode(label);
      }
    });
    const fork = coroutine(function* fork(_: Target<unknown>[]): Receiver<unknown> {
      yield;
    });
    expect(() => fork([explosive("one"), printer()]).close()).toThrow(/^one$/);
    expect(log).toEqual(["printer ends"]);

    const error = (() => {
      try {
        fork([explosive("one"), printer(), explosive("two")]).close();
      } catch (caught) {
        return caught;
      }
    })() as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe("Error: one; Error: two");
    expect(error.errors.map(String)).toEqual(["Error: one", "Error: two"]);
  });

  test("a yield in the clean-up is an error there, not a coroutine that lives on", () => {
    const stubborn = coroutine(function* stubborn(_: Target<unknown>): Receiver<unknown> {
      try {
        yield;
      } finally {
        try {
          yield;
        } finally {
          log.push("the rest of the clean-up");
        }
      }
    })(printer());
    expect(thrown(() => stubborn.close())).toBe(
      'TypeError: "stubborn" yielded while it was being closed: nothing more will be sent',
    );
    expect(log).toEqual(["the rest of the clean-up", "printer ends"]);
    expect(stubborn.ended).toBe(true);
  });

  test("a clean-up below yield* that yields does not bring the outer body back to life", () => {
    function* inner(): Receiver<unknown> {
      try {
        yield;
      } finally {
        yield;
      }
    }
    const outer = coroutine(function* outer(): Receiver<unknown> {
      yield* inner();
      log.push("as if nothing had happened");
    })();
    expect(() => outer.close()).toThrow("yielded while it was being closed");
    expect(log).toEqual([]);
  });
});

describe("throwing into", () => {
  const parser = coroutine(function* parser(): Receiver<string> {
    for (;;) {
      try {
        log.push(yield);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        log.push(`caught ${error.message}`);
      }
    }
  });

  test("what the body catches it survives", () => {
    const target = parser();
    target.throw(new SyntaxError("odd quote"));
    target.send("next");
    expect(log).toEqual(["caught odd quote", "next"]);
  });

  test("what it does not catch ends it, closes its targets and comes back", () => {
    const head = relay(printer());
    expect(thrown(() => head.throw(new Error("stop")))).toBe("Error: stop");
    expect(log).toEqual(["relay ends", "printer ends"]);
    expect(head.ended).toBe(true);
  });

  test("after the end it is an error, which carries the one that was not delivered", () => {
    const target = parser();
    target.close();
    const undelivered = new SyntaxError("lost?");
    try {
      target.throw(undelivered);
      throw new Error("nothing was thrown");
    } catch (error) {
      expect(error).toBeInstanceOf(EndedError);
      expect((error as EndedError).cause).toBe(undelivered);
    }
  });
});

describe("sending into a coroutine that is running", () => {
  /** a -> b -> … -> back to the first, by `last`. */
  function ring(last: (first: Target<unknown>) => void): Target<unknown> {
    const a = coroutine(function* a(next: Target<unknown>): Receiver<unknown> {
      for (;;) next.send(yield);
    });
    const b = coroutine(function* b(next: Target<unknown>): Receiver<unknown> {
      for (;;) next.send(yield);
    });
    const c = coroutine(function* c(): Receiver<unknown> {
      for (;;) {
        yield;
        last(first);
      }
    });
    const first: Target<unknown> = a(b(c()));
    return first;
  }

  test("is an error that names the chain", () => {
    const first = ring((target) => target.send("again"));
    const outer = coroutine(function* outer(target: Target<unknown>): Receiver<unknown> {
      for (;;) target.send(yield);
    })(first);
    try {
      outer.send(1);
      throw new Error("nothing was thrown");
    } catch (error) {
      expect(error).toBeInstanceOf(ReentryError);
      expect((error as ReentryError).chain).toEqual(["a", "b", "c", "a"]);
      expect((error as Error).message).toBe(
        'cannot send to "a", which is running: a -> b -> c -> a',
      );
    }
    expect([outer.ended, first.ended]).toEqual([true, true]);
  });

  test.each([
    ["throw into", (target: Target<unknown>) => target.throw(new Error("x"))],
    ["close", (target: Target<unknown>) => target.close()],
  ])("so is to %s it", (verb, last) => {
    expect(() => ring(last).send(1)).toThrow(
      `cannot ${verb} "a", which is running: a -> b -> c -> a`,
    );
  });

  test("a coroutine cannot send to itself", () => {
    const target: Target<number> = coroutine(function* self(): Receiver<number> {
      for (;;) {
        const value = yield;
        target.send(value + 1);
      }
    })();
    expect(() => target.send(1)).toThrow('cannot send to "self", which is running: self -> self');
  });

  test("one who catches it goes on, and so does the chain", () => {
    const first = ring((target) => log.push(thrown(() => target.send("again"))));
    first.send(1);
    first.send(2);
    expect(log).toHaveLength(2);
    expect(first.ended).toBe(false);
  });

  test("after an error elsewhere nothing counts as running that is not", () => {
    const bad = relay(
      coroutine(function* bad(): Receiver<unknown> {
        yield;
        throw new Error("x");
      })(),
    );
    expect(() => bad.send(1)).toThrow("x");
    const first = ring((target) => target.send("again"));
    expect(() => first.send(1)).toThrow("which is running: a -> b -> c -> a");
  });
});

describe("mistakes", () => {
  test("a body may throw what throws when it is looked at: its targets are closed all the same", () => {
    const hostile: unknown = Object.create(null);
    const breaks = coroutine(function* breaks(target: Target<unknown>): Receiver<unknown> {
      target.send(yield);
      throw hostile;
    });
    const target = breaks(printer());
    let caught: unknown;
    try {
      target.send("one");
    } catch (error) {
      caught = error;
    }
    expect(caught === hostile).toBe(true);
    expect(log).toEqual(["printer one", "printer ends"]);
    expect(thrown(() => target.send("two"))).toBe(
      'EndedError: cannot send to "breaks": it threw something that cannot be shown',
    );
  });

  test("a system call yielded in a coroutine is an error there: nobody would make it", () => {
    const sleeper = coroutine(function* sleeper(): Receiver<unknown> {
      try {
        yield;
        yield* sleep(10) as unknown as Receiver<unknown>;
      } finally {
        log.push("clean-up");
      }
    })();
    expect(thrown(() => sleeper.send(1))).toBe(
      'TypeError: "sleeper" yielded sleep(10): it receives with a bare yield; system calls are for tasks',
    );
    expect(log).toEqual(["clean-up"]);
    expect(sleeper.ended).toBe(true);
  });

  test("so is one before the first receive", () => {
    const eager = coroutine(function* eager(_: Target<unknown>): Receiver<unknown> {
      yield "ready" as unknown as void;
    });
    expect(() => eager(printer())).toThrow('"eager" yielded ready: it receives with a bare yield');
    expect(log).toEqual(["printer ends"]);
  });

  test.each([
    ["plain", (() => 1) as unknown as () => Receiver<unknown>],
    ["empty", (() => undefined) as unknown as () => Receiver<unknown>],
    ["later", async function* later() {} as unknown as () => Receiver<unknown>],
  ])("what is no generator function is refused (%s)", (_name, body) => {
    expect(() => coroutine(body)()).toThrow(/is no generator function/);
  });

  test("types: a target takes what its receiver receives, and no more", () => {
    const lengths = coroutine(function* lengths(target: Target<number>): Receiver<string> {
      for (;;) target.send((yield).length);
    });
    const numbers: Target<number> = printer();
    // @ts-expect-error A target of numbers is no target of everything.
    const everything: Target<unknown> = numbers;
    // @ts-expect-error It receives strings.
    lengths(everything).send(7 as number);
    expect(log).toEqual(["printer undefined"]);
  });
});
