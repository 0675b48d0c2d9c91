import { simulate } from "../../boot";
import {
  accept,
  close,
  connect,
  decode,
  getsockname,
  give,
  kill,
  listen,
  open,
  pipe,
  ps,
  read,
  readWait,
  sleep,
  spawn,
  stdin,
  stdout,
  unlink,
  wait,
  write,
  writeWait,
  yieldCpu,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import { messageOf, run } from "../helpers/run";

function* readAll(fd: number): Program<string> {
  let text = "";
  for (let bytes = yield* read(fd); bytes.length > 0; bytes = yield* read(fd))
    text += decode(bytes);
  return text;
}

test("a pipe carries bytes in order and ends when its writer closes", () => {
  const { value } = run(function* () {
    const [reader, writer] = yield* pipe();
    yield* spawn(
      function* () {
        for (const word of ["one ", "two ", "three"]) yield* write(writer, word);
      },
      { give: [writer] },
    );
    return yield* readAll(reader);
  });
  expect(value).toBe("one two three");
});

test("a full pipe blocks its writer until the reader makes room: no more than 64 KiB wait in it", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const pid = yield* spawn(function* () {
      log("written", yield* write(writer, new Uint8Array(200_000)));
    });
    yield* sleep(1);
    log((yield* ps()).find((task) => task.pid === pid)?.waitsFor);
    let total = 0;
    while (total < 200_000) total += (yield* read(reader, 10_000)).length;
    yield* wait(pid);
    log(total);
  });
  expect(log).toEqual(["fd 4 (pipe) to be writable", "written 200000", "200000"]);
});

test("writers take turns: what one writes stays together, in the order of their calls", () => {
  const { value } = run(function* () {
    const [reader, writer] = yield* pipe();
    for (const letter of "abc") {
      yield* spawn(function* () {
        yield* write(writer, letter.repeat(50_000));
      });
    }
    yield* sleep(1);
    let text = "";
    while (text.length < 150_000) text += decode(yield* read(reader));
    return text.replace(/(.)\1*/g, "$1");
  });
  expect(value).toBe("abc");
});

// curio test_double_recv
test("a second reader of a descriptor gets EBUSY, neither is lost; a reader and a writer are fine", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const first = yield* spawn(function* first() {
      log("first read", decode(yield* read(reader)));
    });
    yield* yieldCpu();
    log(yield* messageOf(read(reader)));
    log(yield* messageOf(readWait(reader)));
    yield* write(writer, "hello");
    yield* wait(first);
  });
  expect(log).toEqual([
    'EBUSY: task 2 "main": read(3): task 3 "first" reads it already',
    'EBUSY: task 2 "main": readWait(3): task 3 "first" reads it already',
    "first read hello",
  ]);
});

test("a killed reader leaves its descriptor to the next, and no byte is lost", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const first = yield* spawn(function* () {
      yield* read(reader);
    });
    yield* yieldCpu();
    yield* kill(first);
    yield* write(writer, "for the second");
    log(decode(yield* read(reader)));
  });
  expect(log).toEqual(["for the second"]);
});

test("readWait and writeWait tell readiness and take nothing", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const waiter = yield* spawn(function* () {
      yield* readWait(reader);
      log("readable");
      log(decode(yield* read(reader)));
      yield* writeWait(writer);
      log("writable");
    });
    yield* yieldCpu();
    log("before");
    yield* write(writer, "data");
    yield* wait(waiter);
  });
  expect(log).toEqual(["before", "readable", "data", "writable"]);
});

test("sockets in memory: an echo server and its clients, the same program as on a real network", () => {
  function* echo(connection: number): Program<void> {
    for (let b = yield* read(connection); b.length > 0; b = yield* read(connection)) {
      yield* write(connection, b);
    }
  }
  function* server(listener: number): Program<void> {
    for (;;) {
      const connection = yield* accept(listener);
      yield* spawn(echo(connection), { detached: true, give: [connection] });
    }
  }
  const { log, kernel } = run(function* (log) {
    for (const address of [{ port: 0 }, { path: "/run/echo" }]) {
      const listener = yield* listen(address);
      yield* spawn(server(listener), { daemon: true, give: [listener] });
      const connection = yield* connect(yield* getsockname(listener));
      yield* write(connection, "hello");
      log(decode(yield* read(connection)));
      yield* close(connection);
    }
  });
  expect(log).toEqual(["hello", "hello"]);
  expect(kernel.descriptors.size).toBe(0);
});

test("files: written, appended, read back; the second open for exclusive writing fails", () => {
  const { log } = run(function* (log) {
    const file = yield* open("/notes", "w");
    yield* write(file, "one\n");
    yield* close(file);
    const more = yield* open("/notes", "a");
    yield* write(more, "two\n");
    yield* close(more);
    log(JSON.stringify(yield* readAll(yield* open("/notes"))));
    log(yield* messageOf(open("/notes", "wx")));
  });
  expect(log).toEqual([
    '"one\\ntwo\\n"',
    'EEXIST: task 2 "main": open("/notes", "wx"): there is a file /notes already',
  ]);
});

test("unlink removes a file; whoever has it open keeps it; a second time it is ENOENT", () => {
  const { log } = run(
    function* (log) {
      const file = yield* open("/a");
      yield* unlink("/a");
      log(yield* readAll(file));
      log(yield* messageOf(unlink("/a")));
      log(yield* messageOf(unlink("")));
    },
    { files: { "/a": "content" } },
  );
  expect(log).toEqual([
    "content",
    'ENOENT: task 2 "main": unlink("/a"): there is no file /a',
    'EINVAL: task 2 "main": unlink(""): "" is no path',
  ]);
});

test("give moves a descriptor to another task, with whose end it closes", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const heir = yield* spawn(function* () {
      yield* sleep(10);
    });
    yield* give(writer, heir);
    log((yield* read(reader)).length);
    log(yield* messageOf(give(reader, heir)));
  });
  expect(log).toEqual(["0", 'ESRCH: task 2 "main": give(3, 3): task 3 has exited']);
});

test("a task that uses a descriptor whose owner has ended learns what to do about it", () => {
  const { log } = run(function* (log) {
    const waiter = yield* spawn(function* () {
      const [reader, , owner] = yield* borrowed();
      yield* spawn(function* () {
        log(yield* messageOf(read(reader)));
      });
      yield* wait(owner);
    });
    yield* wait(waiter);
  });
  expect(log).toEqual([
    "EBADF: task 5: read(3): fd 3 was closed when its owner, task 4, ended; " +
      "give it to the task that uses it: spawn(program, { give: [3] })",
  ]);

  function* borrowed(): Program<[number, number, number]> {
    const [reader, writer] = yield* pipe();
    const owner = yield* spawn(
      function* () {
        yield* sleep(5);
      },
      { give: [reader, writer] },
    );
    return [reader, writer, owner];
  }
});

test("stdin, stdout and stderr are 0, 1 and 2, with whole characters whatever the chunks", () => {
  const { stdout: out, value } = simulate(
    function* () {
      const text = yield* readAll(stdin);
      for (const byte of new TextEncoder().encode("näïve")) {
        yield* write(stdout, new Uint8Array([byte]));
      }
      return text;
    },
    { stdin: "typed" },
  );
  expect(value).toBe("typed");
  expect(out).toBe("näïve");
});
