// What works in a clone of the repository that was never built: `npm start` and what may follow it.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

test("npm start is genix, in the folder the user is in", () => {
  shop.write(
    "where.cjs",
    `module.exports = function* main(argv) { console.log(...argv); return 9; };`,
  );
  const args = ["--prefix", root, "start", "--silent", "--", "run", "where.cjs", "--seed", "x"];
  const { status, stdout } = spawnSync("npm", args, { cwd: shop.folder, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 9, stdout: "--seed x\n" });
});

test("programs get the running copy, as sources, in both kinds of module", async () => {
  shop.write(
    "copy.mts",
    `
    import { sleep, SystemError, type Program } from "genix";
    export default function* main(argv: string[]): Program<number> {
      try { yield* sleep(-1); } catch (error) { console.log(error instanceof SystemError, argv); }
      return 6;
    }`,
  );
  const result = await shop.run(["run", "copy.mts", "--x"], { sources: true });
  expect(result).toEqual({ code: 6, signal: null, stdout: "true [ '--x' ]\n", stderr: "" });
});

test("demos run by their path from the sources, and with the built command line too", async () => {
  const demo = readdirSync(join(root, "demos")).find((name) => name.endsWith("-countdown.ts"));
  const args = ["run", join(root, "demos", String(demo))];
  const [fromSources, built] = await Promise.all([
    shop.run(args, { sources: true }),
    shop.run(["run", "countdown"]),
  ]);
  expect(fromSources).toMatchObject({ code: 0, stderr: "" });
  expect(fromSources.stdout).toBe(built.stdout);
});

test("signals reach the program once, and the exit code is kept", async () => {
  shop.write(
    "signals.ts",
    `
    import { sleep, type Program } from "genix";
    export default function* main(): Program<void> {
      console.log("ready");
      try { yield* sleep(1e9); } finally { yield* sleep(1); console.log("cleaned up"); }
    }`,
  );
  const running = shop.start(["run", "signals.ts"], { sources: true });
  await running.printed("ready");
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, stdout: "ready\ncleaned up\n" });
});

test("wrong input is one line and exit code 2 there too", async () => {
  expect(await shop.run(["run", "nowhere.ts"], { sources: true })).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "genix: there is no file nowhere.ts; npm start -- demos lists the demos\n",
  });
});
