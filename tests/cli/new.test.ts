import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

test("genix new writes a commented program that runs as it is", async () => {
  expect(await shop.run(["new", "first"])).toEqual({
    code: 0,
    signal: null,
    stdout: "Wrote first.ts. Run it with: genix run first.ts\n",
    stderr: "",
  });
  const text = shop.read("first.ts");
  expect(text).toMatch(/^\/\/ first: a program for genix\. Run it with: genix run first\.ts/);
  expect(text.split("\n").length).toBeLessThan(40);
  expect(await shop.run(["run", "--virtual", "first.ts", "you"])).toEqual({
    code: 0,
    signal: null,
    stdout: `Hello, you!
hare: round 1
hare: round 2
tortoise: round 1
hare: round 3
hare took 300 ms
tortoise: round 2
tortoise: round 3
tortoise took 750 ms
`,
    stderr: "",
  });
});

test("it adds the .ts itself, and never overwrites a file", async () => {
  shop.write("mine.ts", "mine");
  expect(await shop.run(["new", "mine.ts"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "genix: there is a mine.ts already; it stays as it is\n",
  });
  expect(shop.read("mine.ts")).toBe("mine");
  expect((await shop.run(["new", "other.ts"])).stdout).toContain("Wrote other.ts.");
});

test("help names every command, its options and the exit codes; after a command, that command's", async () => {
  const [short, none, run, viaHelp, version] = await Promise.all([
    shop.run(["-h"]),
    shop.run([]),
    shop.run(["run", "--help"]),
    shop.run(["help", "run"]),
    shop.run(["--version"]),
  ]);
  expect(short.stdout).toMatch(/run[^]*demos[^]*new[^]*tour[^]*Exit codes:/);
  expect(none).toEqual(short);
  expect(run.stdout).toMatch(/--strace[^]*--virtual[^]*--seed[^]*--shuffle[^]*SIGQUIT/);
  expect(viaHelp).toEqual(run);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const { code, stderr } of [short, run, version])
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
