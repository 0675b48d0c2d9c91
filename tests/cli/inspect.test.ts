// What the debugger sees of a program that the compiler has changed: lines, names and imports are
// those of the source. The programs look at generators of their own.

import { join } from "node:path";
import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

const BODY = `
interface Order { readonly id: number }

type Maybe<T> = T | undefined;

const rate: number = 2;

function* worker(orders: readonly Order[]): Program<void> {
  for (const { id } of orders) {
    const pause: number = id * rate;

    const late = yield* nap(
      pause,
    );
    yield* write(stdout, String(late));
  }
}

export default function* main(): Program<void> {
  const generator = worker([{ id: 3 }]);
  generator.next();
  const inspector = new Inspector();
  const viewer = new Viewer(inspector);
  const [at] = inspector.positions([generator]);
  const scopes = viewer.scopes(generator).map(({ kind, variables }) =>
    kind + ": " + variables.map(({ name, value }) => name + " = " + value).join(", "));
  const of = (text: string) => viewer.evaluate(text, generator).value;
  const report = [at?.name + " " + at?.line, ...scopes, of("pause + rate"), of("typeof nap"), of("orders[0].id")];
  yield* write(stdout, report.map((line: string) => line + "\\n").join(""));
  inspector.close();
}
`;

const IMPORTS = `import { sleep as nap, stdout, write, type Program } from "genix";`;

const load = (name: string): string =>
  JSON.stringify(join(shop.folder, "..", "genix", "dist", "machine", "inspect", name));
const TAKE = `
const { Inspector } = require(${load("inspector.js")});
const { Viewer } = require(${load("viewer.js")});`;
const MODULE = `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);`;

test.each(["looking.ts", "looking.mts"])(
  "in %s lines, names and imports are those of the source",
  async (name) => {
    const first = name.endsWith(".mts") ? MODULE : "declare const require: any; ";
    shop.write(name, `${IMPORTS} ${first} ${TAKE}`.replaceAll("\n", " ") + BODY);
    const { code, stdout, stderr } = await shop.run(["run", "--no-lint", name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [module = ""] = /^module: .*/m.exec(stdout) ?? [];
    expect(stdout.replace(`${module}\n`, "").split("\n")).toEqual([
      "worker 12",
      "block: pause = 6, late = (not yet assigned)",
      "block: id = 3",
      "local: orders = [{ id: 3 }]",
      "8",
      '"function"',
      "3",
      "",
    ]);
    expect(module).toContain(
      "rate = 2, worker = function* worker, nap = function build, stdout = 1",
    );
    expect(module).not.toMatch(/_\d/);
  },
);
