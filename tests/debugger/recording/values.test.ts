import fc from "../../helpers/chance";
import { decode, encode, Unrecordable, type Coded } from "../../../debugger/recording/values";
import { codedError, errorOutcome, valueOutcome } from "../../../debugger/recording/outcomes";
import { checksum, fromBytes, toBytes } from "../../../debugger/recording/bytes";
import { SystemError } from "../../../kernel";

const data = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, undefined, true, NaN, Infinity, -Infinity, -0, 0, 1.5, 10n),
    fc.string({ unit: "binary" }),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array(),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$map", "$object", "__proto__x")),
      tie("any"),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
    fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    fc.array(tie("any"), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).any;

const throughJson = (value: unknown): unknown =>
  decode(JSON.parse(JSON.stringify(encode(value))) as ReturnType<typeof encode>);

test("whatever is data comes back as it was", () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(throughJson(value)).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("minus zero, an invalid Date, a Buffer and the kinds of errors come back as what they were", () => {
  expect(Object.is(throughJson(-0), -0)).toBe(true);
  expect(String(throughJson(new Date(NaN)))).toBe("Invalid Date");
  expect(throughJson(Buffer.from("héllo"))).toEqual(Buffer.from("héllo"));
  const type = throughJson(Object.assign(new TypeError("no"), { code: "E1", at: [1] }));
  expect(type).toBeInstanceOf(TypeError);
  expect(type).toMatchObject({ message: "no", code: "E1", at: [1] });
  const failed = throughJson(new SystemError("EPIPE", "the other end is gone"));
  expect(SystemError.is(failed)).toBe(true);
  expect(failed).toMatchObject({ errno: "EPIPE", detail: "the other end is gone" });
  class OwnError extends Error {
    override readonly name = "OwnError";
  }
  expect(throughJson(new OwnError("mine"))).toMatchObject({ name: "OwnError", message: "mine" });
});

test("arrays come back with their holes, fields and kinds of numbers", () => {
  const holes = throughJson([1, , 3]); // eslint-disable-line no-sparse-arrays
  expect(Object.keys(holes as object)).toEqual(["0", "2"]);
  expect(holes).toHaveLength(3);
  const match = /(?<b>b)(x)?/.exec("ab");
  expect(Object.entries(throughJson(match) as object)).toEqual(Object.entries(match!));
  for (const typed of [
    new Float64Array([NaN, -0, 1.5]),
    new Uint16Array([1, 2, 65535]).subarray(1),
    new BigInt64Array([-5n]),
    new Uint8ClampedArray([300]),
  ]) {
    expect(throughJson(typed)).toEqual(typed);
  }
});

test("what is no data is refused by its name, and an error that carries some is told as it can be", () => {
  class Response {}
  const circle: { self?: unknown } = {};
  circle.self = circle;
  for (const value of [() => 1, Symbol("x"), new Response(), [new Response()], circle]) {
    expect(() => encode(value)).toThrow(Unrecordable);
  }
  expect(() => encode({ a: [new Response()] })).toThrow("[Response]");
});

test("bytes that are text are text, others base64, and both come back", () => {
  expect(fromBytes(new TextEncoder().encode("GET /\r\n"))).toEqual({ text: "GET /\r\n" });
  expect(fromBytes(Uint8Array.of(0xff, 0xfe))).toEqual({ base64: "//4=" });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      expect(toBytes(fromBytes(bytes))).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
  // The test vectors of RFC 9923.
  expect(checksum(new TextEncoder().encode("a"))).toBe(0xe40c292c);
  expect(checksum(new TextEncoder().encode("foobar"))).toBe(0xbf9cf968);
});

test("a value that doubles with each level, as its parts share parts, is refused in time", () => {
  let shared: unknown = 1;
  for (let level = 0; level < 60; level++) shared = [shared, shared];
  expect(valueOutcome(shared)).toEqual({ lost: "more than 1000000 objects in one value" });
  const failed = Object.assign(new Error("too much"), { code: "E1", shared });
  expect(decode(codedError(failed))).toMatchObject({ message: "too much", code: "E1" });
  // Each field of it could be told alone.
  const many = Array.from({ length: 600_000 }, () => []);
  const heavy = Object.assign(new Error("both"), { many, others: many });
  const { stack } = heavy;
  expect(decode(codedError(heavy))).toMatchObject({ message: "both", stack });
});

test("errors come back with class, cause, parts, stack and fields, whatever they are called", () => {
  const again = (error: Error): Error & Record<string, unknown> =>
    decode(JSON.parse(JSON.stringify(encode(error))) as Coded) as Error & Record<string, unknown>;
  const parts = again(new AggregateError([new Error("a"), new TypeError("b")], "all"));
  expect(parts).toBeInstanceOf(AggregateError);
  expect(parts.message).toBe("all");
  expect((parts["errors"] as Error[]).map(String)).toEqual(["Error: a", "TypeError: b"]);
  const caused = again(new RangeError("outer", { cause: new Error("inner") }));
  expect([String(caused), String(caused.cause)]).toEqual(["RangeError: outer", "Error: inner"]);
  expect(Object.keys(caused)).toEqual([]);
  const thrown = new Error("x");
  expect(again(thrown).stack).toBe(thrown.stack);
  const odd = Object.assign(new Error("odd"), { name: 10n });
  Object.defineProperty(odd, "__proto__", { value: { bad: 1 }, enumerable: true });
  expect(again(odd)).toBeInstanceOf(Error);
  expect(again(odd)["bad"]).toBeUndefined();
  expect(again(odd).name).toBe(10n);
});

test("objects without a prototype, array buffers and holes come back", () => {
  const again = (value: unknown): unknown =>
    decode(JSON.parse(JSON.stringify(encode(value))) as Coded);
  expect(Object.getPrototypeOf(again(Object.assign(Object.create(null), { a: 1 })))).toBeNull();
  expect(again(Uint8Array.of(1, 2).buffer)).toEqual(Uint8Array.of(1, 2).buffer);
  expect(again([1, , 3])).toEqual([1, undefined, 3]); // eslint-disable-line no-sparse-arrays
});

test("values that throw when they are looked at, and endless ones, are lost, and harm nobody", () => {
  const hostile = new Proxy(new Error("x"), {
    get() {
      throw new Error("get");
    },
  });
  const getter = Object.defineProperty({}, "a", { enumerable: true, get: () => hostile.name });
  let deep: unknown[] = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(valueOutcome(getter)).toEqual({ lost: "a value that throws when it is looked at" });
  expect(valueOutcome(deep)).toEqual({ lost: "more than 500 objects in each other" });
  expect(errorOutcome(Symbol("s"))).toEqual({ lost: "Symbol(s)" });
  expect(errorOutcome(new (class Refusal {})())).toEqual({ lost: "[Refusal]" });
  expect(errorOutcome({ code: 5 })).toEqual({ error: { code: 5 } });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(errorOutcome(proxy)).toEqual({ lost: "an error that throws when it is looked at" });
  expect(errorOutcome(hostile)).toMatchObject({ error: { $error: {} } });
  expect(decode(codedError(hostile))).toMatchObject({
    message: "an error that cannot be looked at",
  });
  const carrier = Object.assign(new Error("carries"), { code: 5, done: () => {} });
  expect(decode(codedError(carrier))).toMatchObject({ message: "carries", code: 5 });
});
