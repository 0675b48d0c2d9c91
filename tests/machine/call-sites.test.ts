// The native stack, and who is told that a call is made.

import { whenAsked } from "../../cli/debug/asked";
import { SystemCall } from "../../kernel";
import { callSites } from "../../machine/call-sites";
import { sleep, type Program } from "../../syscalls";

const names = (above: () => unknown): unknown[] =>
  callSites(above, 2).map((site) => site.getFunctionName());

function inner(): unknown[] {
  return names(inner);
}

function outer(): unknown[] {
  return inner();
}

test.each<[string, PropertyDescriptor | null]>([
  ["nothing", null],
  ["a function", { value: () => "its own", configurable: true, writable: true }],
  ["an accessor", { get: () => () => "its own", configurable: true }],
])("the stack is seen where a program writes stacks with %s, which stays", (_name, own) => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Reflect.deleteProperty(Error, "prepareStackTrace");
  if (own !== null) Object.defineProperty(Error, "prepareStackTrace", own);
  const limit = Error.stackTraceLimit;
  const seen = outer();
  const after = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Reflect.deleteProperty(Error, "prepareStackTrace");
  if (before !== undefined) Object.defineProperty(Error, "prepareStackTrace", before);
  expect([seen[0], seen.length, Error.stackTraceLimit]).toEqual(["outer", 2, limit]);
  expect(after).toEqual(own === null ? undefined : expect.objectContaining(own));
});

test("several listen to calls that are made, and when none is left nothing is changed", () => {
  const before = Object.getOwnPropertyDescriptor(SystemCall.prototype, "next");
  const told: string[] = [];
  const stops = ["a", "b"].map((name) => whenAsked(() => void told.push(name)));
  const make = (): void => {
    const program = (function* (): Program<void> {
      yield* sleep(1);
    })();
    program.next();
  };
  make();
  for (const stop of stops) {
    stop();
    make();
  }
  expect(told).toEqual(["a", "b", "b"]);
  expect(Object.getOwnPropertyDescriptor(SystemCall.prototype, "next")).toEqual(before);
});
