import fc from "../../helpers/chance";
import { BadRecording, describeStop } from "../../../debugger/recording";
import {
  accept,
  connect,
  fstat,
  kill,
  listen,
  now,
  open,
  random,
  read,
  sleep,
  spawn,
  wait,
  write,
  type Program,
} from "../../../syscalls";
import { program, scripts } from "../../helpers/random-program";
import { record, replay, type Log } from "../../helpers/recorded";

function* network(log: Log): Program<void> {
  const address = { port: 7000 };
  const socket = yield* listen(address);
  yield* spawn(function* client() {
    const fd = yield* connect(address);
    yield* write(fd, "héllo");
    log("client", String(yield* read(fd)));
  });
  const fd = yield* accept(socket);
  const bytes = yield* read(fd);
  yield* sleep(3 + (yield* random()));
  yield* write(fd, bytes);
  const file = yield* open("/data", "r");
  log("file", (yield* fstat(file)).size, String(yield* read(file)));
  try {
    yield* open("/nowhere", "r");
  } catch (error) {
    log(String(error));
  }
  log("at", yield* now());
  yield* write(1, "dóne\n");
  yield* wait();
}

const files = { "/data": "twelve bytes" };

describe.each(["node", "virtual"] as const)("recorded as on the %s machine", (as) => {
  test("a run with sockets, files, chance and time is the same again, byte for byte", () => {
    const recorded = record(network, { as, files, seed: 7 });
    const replayed = replay(recorded.text, network, { files });
    expect(describeStop(replayed.player)).toBeNull();
    expect(recorded.log).toHaveLength(4);
    expect(replayed.log).toEqual(recorded.log);
    expect(replayed.stdout).toBe("dóne\n");
    expect(replayed.system.halt).toEqual(recorded.halt);
  });

  test("random programs, with signals from outside, are the same again", () => {
    const before =
      (at: number) => (machine: { shutDown(reason: string): void }, kernel: { steps: number }) => {
        if (kernel.steps === at) machine.shutDown("operator");
      };
    fc.assert(
      fc.property(scripts, fc.nat(60), fc.boolean(), (script, at, virtualShuffle) => {
        const main = program(script);
        const shuffle = as === "virtual" && virtualShuffle;
        const recorded = record(main, { as, before: before(at), shuffle });
        const { player, system } = replay(recorded.text, main);
        expect(describeStop(player)).toBeNull();
        expect(system.halt).toEqual(recorded.halt);
      }),
      { numRuns: 200 },
    );
  });

  test("a recording cut off anywhere is refused or played as far as it is whole", () => {
    const { text, log } = record(network, { as, files });
    const first = text.indexOf("\n");
    for (let length = 0; length < text.length; length += 7) {
      const cut = text.slice(0, length);
      if (length <= first) {
        const why = length === 0 ? "it is empty" : "it is no recording";
        if (length < first) expect(() => replay(cut, network, { files })).toThrow(why);
        continue;
      }
      const replayed = replay(cut, network, { files });
      expect(replayed.player.divergence).toBeNull();
      expect(log.slice(0, replayed.log.length)).toEqual(replayed.log);
      expect(describeStop(replayed.player)).toMatch(
        /^played \d+ steps; (line \d+ is damaged or cut off|it has no end)/,
      );
    }
  });

  test("a line that is damaged is named, and what is before it is played", () => {
    const { text } = record(network, { as, files });
    const lines = text.split("\n");
    for (const [damage, why] of [
      ["{}", "nobody knows what it is"],
      ["[1", "it is no JSON"],
      ["7", "it is no object"],
      ['{"at":900}', "nobody knows what it is"],
      ['{"at":900,"tick":"x"}', "its tick is not as it should be"],
      ['{"at":900,"tick":3,"deadlock":true}', "it is both tick and deadlock"],
      ['{"at":900,"answer":1,"value":{"$map":5}}', "its answer is not as it should be"],
      ['{"at":900,"read":1,"base64":"?"}', "its read is not as it should be"],
      ['{"at":900,"signal":"BANG","to":2,"reason":""}', "its signal is not as it should be"],
      ['{"end":900}', "it is to end with step 900, not 0"],
      ['{"at":-1,"tick":3}', "its step is out of order"],
      ['{"from":7,"trace":[1]}', "its steps are out of order"],
      ['{"from":1,"trace":[900]}', "there is no code 900"],
      ['{"code":1,"pid":"x"}', "its code is not whole"],
    ]) {
      const damaged = [...lines.slice(0, 9), damage, ...lines.slice(9)].join("\n");
      const { player } = replay(damaged, network, { files });
      expect(player.divergence).toBeNull();
      expect(describeStop(player)).toContain(`line 10 is damaged or cut off (${why}`);
    }
  });

  test("what comes after the end, or in a step that there was not, is named", () => {
    const { text } = record(network, { as, files });
    const lines = text.trimEnd().split("\n");
    const end = lines.pop() as string;
    for (const [damaged, why] of [
      [[...lines, end, end], "it comes after the end"],
      [[...lines, '{"at":9000,"random":0.5}', end], "there is an input of step 9000"],
    ] as const) {
      const { player } = replay(damaged.join("\n"), network, { files });
      const last = `line ${damaged.length} is damaged or cut off (`;
      expect(describeStop(player)).toContain(last);
      expect(describeStop(player)).toContain(why);
    }
  });
});

test("a program that takes another way is stopped there, with both sides", () => {
  const main = (calls: readonly string[]) =>
    function* main(log: Log): Program<void> {
      for (const call of calls) {
        log(call);
        if (call === "sleep") yield* sleep(1);
        else if (call === "now") yield* now();
        else yield* write(1, call);
      }
    };
  const { text } = record(main(["sleep", "now", "x"]), { as: "node" });
  const stop = (...calls: string[]) => {
    const { player, log } = replay(text, main(calls));
    return `${log.length}: ${describeStop(player) ?? "the same"}`;
  };
  expect(stop("sleep", "now", "x")).toBe("3: the same");
  expect(stop("sleep", "x", "x")).toBe(
    "2: the replay took another way than the recording in step 4\n" +
      "  recorded: task 2: now\n  replayed: task 2: write on fd 1",
  );
  expect(stop("sleep", "now", "y")).toBe(
    "3: the replay took another way than the recording in step 5\n" +
      '  recorded: "x" was written to stdout\n  replayed: "y" was written',
  );
  expect(stop("sleep", "now", "yes, and more")).toContain('replayed: "yes, and more" was written');
  expect(stop("sleep", "now")).toContain(
    "recorded: task 2: write on fd 1\n  replayed: task 2: exited",
  );
});

test("who opens another file or address than was recorded is not given what came from the first", () => {
  const main = (path: string, port: number) =>
    function* main(log: Log): Program<void> {
      log(String(yield* read(yield* open(path))));
      yield* listen(port);
    };
  const { text } = record(main("/a", 80), { as: "node", files: { "/a": "of a", "/b": "of b" } });
  const again = (path: string, port: number) => replay(text, main(path, port));
  expect(again("/a", 80).player.divergence).toBeNull();
  const other = again("/b", 80);
  expect(other.log).toEqual([]);
  expect(other.player.divergence).toMatchObject({
    recorded: "task 2: open on /a",
    replayed: "task 2: open on /b",
  });
  expect(again("/a", 81).player.divergence).toMatchObject({
    recorded: "task 2: listen on tcp 127.0.0.1:80",
    replayed: "task 2: listen on tcp 127.0.0.1:81",
  });
});

test("who sleeps longer than was recorded is named, with the deadline", () => {
  const main = (time: number) =>
    function* main(): Program<void> {
      yield* sleep(time);
    };
  const difference = (as: "node" | "virtual", time: number) => {
    const { step = 0, ...sides } = replay(record(main(20), { as }).text, main(time)).player
      .divergence ?? { recorded: "", replayed: "" };
    return [step, ...Object.values(sides)];
  };
  const replayed = (now: number, time: number) =>
    `no task was ready at ${now} ms; task 2 waits in sleep(${time}) until ${time} ms`;
  expect(difference("node", 20)).toEqual([0, "", ""]);
  expect(difference("node", 30)).toEqual([4, "task 2: exited", replayed(20, 30)]);
  expect(difference("virtual", 20)).toEqual([0, "", ""]);
  for (const other of [10, 30]) {
    expect(difference("virtual", other)).toEqual([3, "the timer at 20 ms", replayed(0, other)]);
  }
});

test("a signal for a task that the replay does not have is a difference, not an error", () => {
  const main = (spawns: boolean) =>
    function* main(): Program<void> {
      if (spawns) yield* spawn(() => sleeper());
      else yield* sleep(0);
      yield* sleep(50);
    };
  function* sleeper(): Program<void> {
    yield* sleep(100);
  }
  const { text } = record(main(true), {
    as: "node",
    before: (machine, kernel) => {
      if (kernel.steps === 5) machine.shutDown("operator");
    },
  });
  expect(replay(text, main(false)).player.divergence).not.toBeNull();
  void kill;
});

/** `value`, with one of its parts, that `choose` finds, gone or replaced. */
function mutated(value: unknown, choose: (n: number) => number): unknown {
  if (typeof value !== "object" || value === null || choose(4) === 0) {
    const others = [null, true, -1, 1, 1e15, "x", [], {}, { $map: 5 }, { $error: null }, "KILL"];
    return others[choose(others.length)];
  }
  const entries: [string, unknown][] = Object.entries(value);
  const at = choose(entries.length);
  const changed = entries.map(([key, part], i): [string, unknown] => [
    key,
    i === at ? mutated(part, choose) : part,
  ]);
  if (choose(5) === 0) changed.splice(at, 1);
  return Array.isArray(value) ? changed.map(([, part]) => part) : Object.fromEntries(changed);
}

test("whatever stands in its lines, a recording is refused, or played to where it makes sense", () => {
  const { text } = record(network, { as: "node", files });
  const lines = text.trimEnd().split("\n");
  const numbers = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.nat(lines.length - 1), numbers, (at, to, stream) => {
      const choose = (n: number): number => (n === 0 ? 0 : (stream.next().value as number) % n);
      const line = JSON.stringify(mutated(JSON.parse(lines[at] as string), choose));
      const rest = lines.filter((_, i) => i !== at);
      const damaged = [...rest.slice(0, to), line, ...rest.slice(to)].join("\n");
      try {
        const { player } = replay(damaged, network);
        expect(player.halted).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(BadRecording);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a line of the trace holds no step whose inputs are still to come", () => {
  const main = function* (): Program<void> {
    for (let i = 0; i < 5000; i++) yield* random();
  };
  const { text } = record(main, { as: "node" });
  const cut = text.slice(0, text.indexOf("\n", text.indexOf('"trace"')) + 1);
  const { player } = replay(cut, main);
  expect(describeStop(player)).toMatch(/^played 4096 steps; it has no end/);
});
