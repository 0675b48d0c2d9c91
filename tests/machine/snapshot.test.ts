// What has changed in a value between two moments, also where one line does not tell it.

import { Inspector } from "../../machine/inspect/inspector";
import { changeOf, missing, snapshotOf } from "../../machine/inspect/snapshot";
import { Channel } from "../../syscalls";
import { run } from "../helpers/run";

const inspector = new Inspector();
afterAll(() => inspector.close());

class Account {
  #balance = 1;
  set(to: number): void {
    this.#balance = to;
  }
  get balance(): number {
    return this.#balance;
  }
}

const account = new Account();
const list = Array.from({ length: 2000 }, () => 0);
const circle: { self?: object; n: number } = { n: 1 };
circle.self = circle;
const far = { a: { b: { c: { d: { e: 1 } } } } };
const text = { long: "x".repeat(300) };
const bytes = new Uint8Array(4);
const map = new Map(Array.from({ length: 12 }, (_, i) => [`k${i}`, i]));
const keyed = new Map([[{ k: 1 }, 1]]);
const accounts = [account, new Account()];
const when = new Date(0);

test.each<[what: string, value: () => unknown, change: () => unknown, text: string]>([
  ["an item behind those shown", () => list, () => (list[1500] = 7), "[1500]: 0 -> 7"],
  ["one far inside", () => far, () => (far.a.b.c.d.e = 2), ".a.b.c.d.e: 1 -> 2"],
  ["a byte", () => bytes, () => (bytes[1] = 5), "[1]: 0 -> 5"],
  ["an entry", () => map, () => map.set("k11", 99), `.get("k11"): 11 -> 99`],
  ["one more", () => map, () => map.set("k12", 1), `.get("k12"): (not there) -> 1`],
  ["one less", () => map, () => map.delete("k12"), `.get("k12"): 1 -> (not there)`],
  [
    "what an object stands for",
    () => keyed,
    () => [...keyed.keys()].forEach((key) => keyed.set(key, 2)),
    "=> 1 } -> Map(1)",
  ],
  ["a private field", () => account, () => account.set(2), ".#balance: 1 -> 2"],
  ["one in a list", () => accounts, () => accounts[1]?.set(3), "[1].#balance: 1 -> 3"],
  ["a circle", () => circle, () => (circle.n = 2), "n: 1"],
  ["a date", () => when, () => when.setTime(1), "00.000Z -> 1970-01-01T00:00:00.001Z"],
  ["-0", () => list[0], () => (list[0] = -0), "0 -> -0"],
  [
    "the end of a long text",
    () => text,
    () => (text.long = `${"x".repeat(299)}y`),
    `.long[299]: "x" -> "y"`,
  ],
])("%s that has changed is told", (_what, value, change, expected) => {
  const before = snapshotOf(inspector, value());
  expect(changeOf(before, snapshotOf(inspector, value()))).toBeNull();
  change();
  const told = changeOf(before, snapshotOf(inspector, value()));
  const part = told?.part === undefined ? "" : `${told.part}: `;
  expect(`${part}${told?.before} -> ${told?.after}`).toContain(expected);
});

test("what is not there is no text of those letters, and no other change than its own", () => {
  const gone = missing("(not there)");
  expect(changeOf(gone, missing("(not there)"))).toBeNull();
  expect(changeOf(gone, snapshotOf(inspector, "(not there)"))).toEqual({
    before: "(not there)",
    after: '"(not there)"',
  });
});

test("a channel is looked into, and not the system behind it: who waits there is its own affair", () => {
  const jobs = new Channel<string>(2, { name: "jobs" });
  let parts = 0;
  run(function* () {
    yield* jobs.send("a");
    const before = snapshotOf(inspector, jobs);
    parts = before.parts.size;
    yield* jobs.send("b");
    expect(changeOf(before, snapshotOf(inspector, jobs))).toEqual({
      before: 'Channel "jobs", holds 1',
      after: 'Channel "jobs", holds 2',
    });
  });
  expect(parts).toBeGreaterThan(5);
  expect(parts).toBeLessThan(60);
});
