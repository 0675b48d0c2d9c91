import { broadcast, coroutine, EndedError, fanIn, feed, filter } from "../../tasks";
import { ReentryError, type Receiver, type Target } from "../../tasks";

let log: string[];
beforeEach(() => (log = []));

const printer = coroutine(function* printer(label: string): Receiver<number> {
  try {
    for (;;) log.push(`${label} ${yield}`);
  } finally {
    log.push(`${label} ends`);
  }
});

/** Dies of `poison`; returns after `count` values. */
const mortal = coroutine(function* mortal(
  poison: number,
  count: number = Infinity,
): Receiver<number> {
  try {
    for (let i = 0; i < count; i++) {
      const value = yield;
      if (value === poison) throw new Error(`poisoned by ${value}`);
      log.push(`mortal ${value}`);
    }
  } finally {
    log.push("mortal ends");
  }
});

const report = (target: Target<number>, error: unknown): void => {
  log.push(`${target.name} is dead: ${String(error)}`);
};

describe("feed", () => {
  test("sends all and closes", () => {
    feed([1, 2], printer("p"));
    feed(new Set<number>(), printer("q"));
    expect(log).toEqual(["p 1", "p 2", "p ends", "q ends"]);
  });

  test("a source that throws closes the target, and its error is the one that is seen", () => {
    function* source(): Generator<number> {
      yield 1;
      throw new Error("bad sector");
    }
    expect(() => feed(source(), printer("p"))).toThrow("bad sector");
    expect(log).toEqual(["p 1", "p ends"]);
  });

  test("a target that ends early is an error, and the source is closed", () => {
    function* source(): Generator<number> {
      try {
        for (let i = 1; ; i++) yield i;
      } finally {
        log.push("source ends");
      }
    }
    expect(() => feed(source(), mortal(0, 2))).toThrow(EndedError);
    expect(log).toEqual(["mortal 1", "mortal 2", "mortal ends", "source ends"]);
  });
});

describe("filter", () => {
  test("passes on what it keeps, and closes what it pushes into", () => {
    feed(
      [1, 2, 3, 4],
      filter((n) => n % 2 === 0, printer("even")),
    );
    expect(log).toEqual(["even 2", "even 4", "even ends"]);
  });

  test("a test that throws ends it and reaches the sender", () => {
    const target = filter<number>(() => {
      throw new Error("what?");
    }, printer("p"));
    expect(() => target.send(1)).toThrow("what?");
    expect(log).toEqual(["p ends"]);
  });
});

describe("broadcast", () => {
  test("sends every value to all, in order, and closes them all", () => {
    feed([1, 2], broadcast([printer("a"), printer("b")], report));
    expect(log).toEqual(["a 1", "b 1", "a 2", "b 2", "a ends", "b ends"]);
  });

  test("a target that dies of a value is reported and dropped; the others still get it", () => {
    feed([1, 2, 3], broadcast([printer("a"), mortal(2), printer("b")], report));
    expect(log).toEqual([
      ...["a 1", "mortal 1", "b 1"],
      ...["a 2", "mortal ends", "mortal is dead: Error: poisoned by 2", "b 2"],
      ...["a 3", "b 3", "a ends", "b ends"],
    ]);
  });

  test("a target that had ended is reported once, at the first value it misses", () => {
    const closed = printer("closed");
    closed.close();
    feed([1, 2], broadcast([closed, mortal(0, 1), printer("a")], report));
    expect(log).toEqual([
      "closed ends",
      'printer is dead: EndedError: cannot send to "printer": it was closed',
      ...["mortal 1", "mortal ends", "a 1"],
      'mortal is dead: EndedError: cannot send to "mortal": it returned',
      ...["a 2", "a ends"],
    ]);
  });

  test("when nobody is left it ends, so that its sender hears of it", () => {
    const head = broadcast([mortal(1)], report);
    head.send(1);
    expect(head.ended).toBe(true);
    expect(() => head.send(2)).toThrow('cannot send to "broadcast": it returned');
    expect(() => broadcast<number>([], report).send(1)).toThrow(EndedError);
  });

  test("a wrong wiring is no dead target: the error goes to the sender", () => {
    const back = coroutine(function* back(): Receiver<number> {
      for (;;) {
        const value = yield;
        log.push(`back ${value}`);
        head.send(value);
      }
    });
    const head: Target<number> = broadcast([back()], report);
    // Here it is the coroutine in between that dies of the error, and the report names the chain.
    head.send(1);
    expect(log).toEqual([
      "back 1",
      'back is dead: ReentryError: cannot send to "broadcast", which is running: broadcast -> back -> broadcast',
    ]);

    const direct = [printer("p")];
    const self = broadcast(direct, report);
    direct.push(self);
    expect(() => self.send(1)).toThrow(ReentryError);
    expect(log.slice(2)).toEqual(["p 1", "p ends"]);
  });

  test("a report that throws goes to the sender, for those who want one failure to be all", () => {
    const head = broadcast([mortal(1), printer("a")], (_target, error) => {
      throw error;
    });
    expect(() => head.send(1)).toThrow("poisoned by 1");
    expect(log).toEqual(["mortal ends", "a ends"]);
  });
});

describe("fanIn", () => {
  test("the target is closed by the last inlet, not the first", () => {
    const { left, right } = fanIn(printer("p"), "left", "right");
    feed([1], left);
    expect([left.ended, right.ended]).toEqual([true, false]);
    feed([2], right);
    left.close();
    expect(log).toEqual(["p 1", "p 2", "p ends"]);
  });

  test("an inlet that was closed takes nothing more, though others do", () => {
    const { left, right } = fanIn(printer("p"), "left", "right");
    left.close();
    expect(() => left.send(1)).toThrow(
      'cannot send to "left", an inlet of "printer": it was closed',
    );
    expect(() => left.throw(new Error("lost"))).toThrow('cannot throw into "left"');
    right.send(2);
    expect(log).toEqual(["p 2"]);
  });

  test("a target that dies is dead to all inlets", () => {
    const { left, right } = fanIn(mortal(1), "left", "right");
    expect(() => left.send(1)).toThrow("poisoned");
    expect([left.ended, right.ended]).toEqual([true, true]);
    expect(() => right.send(2)).toThrow('cannot send to "mortal": it threw Error: poisoned by 1');
    left.close();
    right.close();
    expect(log).toEqual(["mortal ends"]);
  });

  test("what is thrown into an inlet is thrown into the target", () => {
    const { only } = fanIn(printer("p"), "only");
    expect(() => only.throw(new Error("stop"))).toThrow("stop");
    expect(log).toEqual(["p ends"]);
  });

  test("the same name twice is one inlet", () => {
    const { a } = fanIn(printer("p"), "a", "a");
    a.close();
    expect(log).toEqual(["p ends"]);
  });

  test("a diamond: one source, two filters, one sink", () => {
    const { small, even } = fanIn(printer("p"), "small", "even");
    const branches = [
      filter((n: number) => n < 3, small),
      filter((n: number) => n % 2 === 0, even),
    ];
    feed([1, 2, 3, 4], broadcast(branches, report));
    expect(log).toEqual(["p 1", "p 2", "p 2", "p 4", "p ends"]);
  });
});
