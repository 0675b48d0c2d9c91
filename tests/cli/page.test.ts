// The HTML page in a real browser, from disk and without a network: what it shows is what the story
// says, for every way to move through it.

/// <reference lib="dom" />

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { pageScript } from "../../cli/page-script";
import { pack, unpack } from "../../debugger/page/data";
import { queuesAt, shownState } from "../../debugger/page/moment";
import { Moments } from "../../debugger/page/moments";
import { htmlPage } from "../../debugger/page/page";
import { harmless } from "../../debugger/pictures/text";
import type { Story } from "../../debugger/story";
import { StoryTeller } from "../../debugger/story-teller";
import { System } from "../../boot";
import { VirtualMachine } from "../../machine";
import { Channel, kill, now, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Program } from "../../syscalls";
import { Mutex } from "../../tasks";
import { Workshop } from "./genix";
import { artefact, browserTest, open } from "../helpers/browser";

const folder = mkdtempSync(join(tmpdir(), "genix-page-"));
afterAll(() => rmSync(folder, { recursive: true }));

const script = pageScript();
const EVIL = `</script><script>alert("x")</script><!--<b>'&"\u2028\u202e\n`;

function* family(): Program<void> {
  const jobs = new Channel<string>(1, { name: "jobs" });
  const door = new Mutex("the door");
  for (const name of ["anna", "ben", EVIL]) {
    yield* spawn(
      function* worker() {
        for (let job = yield* jobs.receive(); job !== "last"; job = yield* jobs.receive()) {
          yield* door.with(() => sleep(3));
        }
        if (name === "ben") throw new Error(EVIL);
      },
      { name },
    );
  }
  const sleeper = yield* spawn(
    function* idle() {
      yield* sleep(1000);
    },
    { name: "sleeper" },
  );
  for (const job of ["one", "two", "three", "last", "last", "last"]) yield* jobs.send(job);
  yield* kill(sleeper, "TERM", "enough");
  for (let i = 0; i < 4; i++) yield* wait();
}

const file = "/home/me/family.ts";
const source = readFileSync(__filename, "utf8");
const lines = source.split("\n").length;

/** The page of `main`, with made-up places: another line after each step. */
function make(name: string, main: () => Program<unknown>): { page: string; story: Story } {
  let asked = 0;
  const place = (): string => `${file}:${1 + (asked++ % lines)}`;
  // Without the checks of the kernel that tests of the kernel make: they take a while.
  const machine = new VirtualMachine();
  new System(machine, main, "main");
  const teller = new StoryTeller(machine.kernel, { place });
  machine.kernel.attach(teller);
  machine.run();
  const told = teller.tell("", []);
  // As it is in a page.
  const story = unpack(pack({ ...told, program: file, args: ["4", EVIL] }));
  const page = join(folder, name);
  writeFileSync(page, htmlPage(story, { [file]: source, "/never.ts": EVIL }, script));
  return { page, story };
}

/** What is to be seen in the page at the step it stands at. */
function seen(page: Page) {
  return page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
    const pids = (rows: HTMLElement[]) => rows.map((row) => Number(row.dataset["pid"]));
    return {
      step: Number(document.getElementById("page")?.dataset["step"]),
      slider: Number((document.getElementById("slider") as HTMLInputElement).value),
      tasks: all("#tree .task").map((row) => ({
        pid: Number(row.dataset["pid"]),
        name: row.querySelector(".name")?.textContent ?? "",
        state: row.dataset["state"] ?? "",
        why: row.querySelector(".why")?.textContent ?? "",
        level: Number(row.getAttribute("aria-level")),
      })),
      ready: pids(all("#ready .chip")),
      queues: all("#queues .queue").map((row) => ({
        name: row.dataset["queue"] ?? "",
        waiters: pids([...row.querySelectorAll<HTMLElement>(".chip")]),
      })),
      line: all("#code .line.now").map((row) => Number(row.dataset["line"])),
      logged: all("#log .step.now").map((row) => Number(row.dataset["step"])),
      event: document.getElementById("event")?.textContent ?? "",
    };
  });
}

/** Wait for the page to be drawn at `step`, and compare all it shows with the story. */
async function agrees(page: Page, story: Story, moments: Moments, step: number): Promise<void> {
  await page.waitForSelector(`#page[data-step="${step}"]`);
  const view = await seen(page);
  const moment = moments.at(step);
  const tasks = [...moment.tasks.values()].filter(({ reaped }) => !reaped);
  expect(view.step).toBe(step);
  expect(view.slider).toBe(step);
  const states = (list: readonly { pid: number; name: string; state: string }[]) =>
    list.map(({ pid, name, state }) => `${pid} ${name} ${state}`).sort();
  expect(states(view.tasks)).toEqual(
    states(tasks.map((task) => ({ ...task, state: shownState(task) }))),
  );
  for (const { pid, why } of view.tasks) {
    const task = moment.tasks.get(pid);
    if (task?.state === "blocked") expect(why).toContain(task.call);
  }
  expect(view.ready).toEqual(moment.ready);
  expect(view.queues).toEqual(queuesAt(moment));
  const event = story.steps[step - 1];
  const place = moment.tasks.get(event?.pid ?? 0)?.place ?? "";
  expect(view.line).toEqual(place === "" ? [] : [Number(place.split(":").at(-1))]);
  expect(view.logged).toEqual(step === 0 ? [] : [step]);
  if (event !== undefined) expect(view.event).toContain(event.call);
}

browserTest(
  "the page shows at every step what the story says, and asks for nothing",
  async (browser) => {
    const { page: path, story } = make("family.html", family);
    const moments = new Moments(story);
    const { page, complaints } = await open(browser, path);
    const end = story.steps.length;
    await agrees(page, story, moments, 0);
    const names = await page.locator("#log .step").allTextContents();
    story.steps.slice(0, names.length).forEach(({ pid }, i) => {
      const name = story.tasks.find((task) => task.pid === pid)?.name ?? "";
      if (name !== "") expect(names[i]).toContain(harmless(name));
    });
    for (let step = 1; step <= end; step++) {
      await page.keyboard.press("ArrowRight");
      await agrees(page, story, moments, step);
    }
    await page.keyboard.press("Home");
    await agrees(page, story, moments, 0);
    await page.keyboard.press("End");
    await agrees(page, story, moments, end);
    await page.keyboard.press("ArrowLeft");
    await agrees(page, story, moments, end - 1);
    await page.locator("#slider").fill("17");
    await agrees(page, story, moments, 17);
    await page.locator('#log .step[data-step="19"]').click();
    await agrees(page, story, moments, 19);
    expect(await page.title()).toBe("family.ts · genix");
    expect(await page.locator("h1").textContent()).toBe(`family.ts 4 ${harmless(EVIL)}`);
    expect(complaints).toEqual([]);
  },
);

browserTest("of a step in which very much happens it is told how much", async (browser) => {
  function* nap(): Program<void> {
    yield* sleep(1000 - (yield* now()));
  }
  function* crowd(): Program<void> {
    for (let i = 0; i < 100; i++) yield* spawn(nap);
    for (let i = 0; i < 100; i++) yield* wait();
  }
  const { page: path, story } = make("crowd.html", crowd);
  const first = story.happenings.find(({ by, kind }) => by === 0 && kind === "wake")!;
  const { page, complaints } = await open(browser, path, {}, `#step=${first.step + 1}`);
  await page.waitForSelector(`#page[data-step="${first.step + 1}"]`);
  const lines = await page.locator("#event li").allTextContents();
  expect(lines.filter((line) => line.startsWith("from outside: woke"))).toHaveLength(60);
  expect(lines).toContain("and 40 more");
  expect(complaints).toEqual([]);
});

browserTest(
  "clicks in the timeline jump, a filter narrows, a task can be held on to",
  async (browser) => {
    const { page: path, story } = make("clicks.html", family);
    const { page, complaints } = await open(browser, path, {}, "#step=12");
    await page.waitForSelector('#page[data-step="12"]');
    const box = (await page.locator("#canvas").boundingBox())!;
    // Right at the end, in the middle of the last step.
    const last = (box.width - 162) / story.steps.length;
    await page.mouse.click(box.x + box.width - 12 - last / 2, box.y + 60);
    await page.waitForSelector(`#page[data-step="${story.steps.length}"]`);

    await page.locator("#filter").fill("anna");
    await page.keyboard.press("Enter");
    expect((await seen(page)).tasks.length).toBeLessThanOrEqual(1);
    await page.keyboard.press("Home");
    const anna = story.tasks.find(({ name }) => name === "anna")!.pid;
    const steps = story.steps.filter(({ pid }) => pid === anna).map(({ step }) => step);
    for (const step of steps.slice(0, 4)) {
      await page.keyboard.press("ArrowRight");
      await page.waitForSelector(`#page[data-step="${step}"]`);
    }
    // Escape lets go of the filter, and all are there again.
    await page.keyboard.press("/");
    expect(await page.locator("#filtered").textContent()).toMatch(/^\d tasks?$/);
    await page.keyboard.press("Escape");
    expect(await page.locator("#filter").inputValue()).toBe("");
    expect(await page.locator("#filtered").textContent()).toBe("");

    // Another step, but the source is still of the task that was picked out.
    await page.locator(`#tree .task[data-pid="${anna}"]`).click();
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector(`#page[data-step="${steps[3]! + 1}"]`);
    expect(await page.locator("#source-who").textContent()).toBe("anna");
    const place = new Moments(story).at(steps[3]! + 1).tasks.get(anna)!.place;
    expect((await seen(page)).line).toEqual([Number(place.split(":")[1])]);
    await page.keyboard.press("Escape");
    await page.waitForSelector("#release", { state: "hidden" });

    await page.keyboard.press("Space");
    await page.waitForSelector(`#page[data-step="${steps[3]! + 3}"]`);
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Pause");
    await page.keyboard.press("Space");
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Play");
    expect(complaints).toEqual([]);
  },
);

browserTest(
  "in the tree keys go up and down to its ends, and let go of what is held",
  async (browser) => {
    const { page: path } = make("keys.html", family);
    const { page, complaints } = await open(browser, path, {}, "#step=12");
    await page.waitForSelector('#page[data-step="12"]');
    const rows = (await seen(page)).tasks.map(({ pid }) => pid);
    expect(rows.length).toBeGreaterThan(2);
    /** What is picked out once `key` has been drawn. */
    const press = async (key: string): Promise<number[]> => {
      await page.locator("#tree").press(key);
      return page.evaluate(async () => {
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const held = document.querySelectorAll<HTMLElement>('#tree [aria-selected="true"]');
        return [...held].map((row) => Number(row.dataset["pid"]));
      });
    };
    expect(await press("Escape")).toEqual([]);
    expect(await press("Enter")).toEqual([]);
    expect(await press("ArrowDown")).toEqual([rows[0]]);
    expect(await press("ArrowUp")).toEqual([rows[0]]);
    expect(await press("ArrowDown")).toEqual([rows[1]]);
    expect(await press("Enter")).toEqual([]);
    for (const row of rows) expect(await press("ArrowDown")).toEqual([row]);
    expect(await press("ArrowDown")).toEqual([rows.at(-1)]);
    expect(await press("Escape")).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

browserTest("it is light or dark as the system is, on screens of every size", async (browser) => {
  const { page: path } = make("schemes.html", family);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [width, height] of [
      [1360, 860],
      [390, 844],
    ] as const) {
      const options = { colorScheme, viewport: { width, height } };
      const { page, complaints } = await open(browser, path, options, "#step=26");
      await page.waitForSelector('#page[data-step="26"]');
      const [back, ink, wide] = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return [backgroundColor, color, document.documentElement.scrollWidth] as const;
      });
      const light = (colour: string) => Number(/\d+/.exec(colour)?.[0]);
      expect(light(back) > light(ink)).toBe(colorScheme === "light");
      expect(wide).toBeLessThanOrEqual(width);
      await page.screenshot({ path: artefact(`page-${colorScheme}-${width}.png`) });
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  }
});

browserTest("20,000 steps of 1,000 tasks are opened and moved through at once", async (browser) => {
  const { page: path, story } = make("long.html", function* crowd() {
    for (let i = 0; i < 1000; i++) {
      yield* spawn(
        function* one() {
          for (let turn = 0; turn < 18; turn++) yield* turn % 3 === 0 ? sleep(i % 50) : yieldCpu();
        },
        { name: `one ${i}` },
      );
    }
    for (let i = 0; i < 1000; i++) yield* wait();
  });
  expect(story.steps.length).toBeGreaterThan(20_000);
  const perStep = statSync(path).size / story.steps.length;
  const began = performance.now();
  const { page, complaints } = await open(browser, path);
  const opened = performance.now() - began;
  const moments = new Moments(story);
  const times: number[] = [];
  for (const step of [15_000, 3, 20_000, 9_999]) {
    const start = performance.now();
    await page.locator("#slider").fill(String(step));
    await page.waitForSelector(`#page[data-step="${step}"]`);
    times.push(performance.now() - start);
    const shown = await page.locator("#alive").textContent();
    const alive = [...moments.at(step).tasks.values()].filter(({ state }) =>
      /ready|blocked/.test(state),
    );
    expect(shown).toBe(`${alive.length} alive`);
    expect(await page.locator("#tree .task").count()).toBeLessThan(100);
  }
  console.log(
    `opened in ${opened.toFixed(0)} ms, ${perStep.toFixed(0)} bytes a step, moves ${times.map((t) => t.toFixed(0)).join(" ")} ms`,
  );
  await page.screenshot({ path: artefact("page-long.png") });
  expect(complaints).toEqual([]);
});

test("nothing in a story can end its script or its markup, and the policy forbids the network", () => {
  const html = readFileSync(make("evil.html", family).page, "utf8");
  expect(html.match(/<\/script/gi)).toHaveLength(2);
  expect(html.match(/<script/gi)).toHaveLength(2);
  expect(html).not.toContain("<!--");
  expect(html).not.toContain("</script><script>");
  expect(html.slice(0, html.indexOf('id="data"'))).not.toMatch(/[\u2028\u202e]/);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'sha256-${script.hash}'`);
  expect(html).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//i);
});

browserTest(
  "genix page makes a page of a recording, with the lines of its source",
  async (browser) => {
    const workshop = new Workshop();
    try {
      workshop.write(
        "tick.js",
        [
          'const { sleep, write, stdout } = require("genix");',
          "module.exports = function* main() {",
          "  for (let i = 0; i < 3; i++) {",
          "    yield* sleep(1);",
          "    yield* write(stdout, `tick ${i}\\n`);",
          "  }",
          "};",
        ].join("\n"),
      );
      await workshop.run(["run", "--record", "tick.jsonl", "tick.js"]);
      const made = await workshop.run(["page", "tick.jsonl", "-o", "tick.html"]);
      expect(made).toMatchObject({ code: 0, stderr: "" });
      expect(made.stdout).toMatch(/^Wrote tick\.html: \d+ steps\. Open it in a browser\.\n$/);
      const { page, complaints } = await open(browser, join(workshop.folder, "tick.html"));
      const writes = page.locator("#log .step", { hasText: "tick 1" });
      await writes.first().click();
      await page.waitForSelector("#code .line.now");
      expect(await page.locator("#code .line.now .text").textContent()).toContain("yield* write");
      expect(await page.locator("#source-place").textContent()).toBe("tick.js:5");
      await page.locator("#over-time").click();
      await page.keyboard.press("End");
      await page.screenshot({ path: artefact("page-recorded.png") });
      expect(complaints).toEqual([]);
      const wrong = await workshop.run(["page", "tick.jsonl", "-o", "no/such/folder.html"]);
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toMatch(/cannot write/);
    } finally {
      workshop.remove();
    }
  },
);
