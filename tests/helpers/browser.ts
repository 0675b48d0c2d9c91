// A real browser for tests of pages: Debian's chromium, driven by playwright-core. Pages are opened
// from disk, and whatever one asks for beyond its own file is refused and noted.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const places = [
  ...["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executable = [process.env.CHROMIUM ?? "", ...places].find(existsSync);

const MISSING =
  "the tests in a real browser need chromium: apt-get install chromium, or CHROMIUM=/path/to/it";

/**
 * `test`, if there is a browser. Without one it is left out, and says so; under CI=true it fails, as
 * a test that is never run cannot.
 */
export function browserTest(title: string, body: (browser: Browser) => Promise<void>): void {
  const needed = process.env.CI !== undefined && process.env.CI !== "";
  if (executable === undefined && !needed) {
    process.stderr.write(`\n  NOT RUN: ${title}\n  ${MISSING}\n\n`);
    return test.skip(`${title} (not run: no chromium)`, () => undefined);
  }
  test(
    title,
    async () => {
      if (executable === undefined) throw new Error(MISSING);
      const browser = await chromium.launch({
        executablePath: executable,
        args: ["--no-sandbox"],
      });
      try {
        await body(browser);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
}

export interface Opened {
  readonly page: Page;
  /** What went wrong in it: errors, complaints on the console, requests beyond its file. */
  readonly complaints: string[];
}

/** Open `file` from disk. */
export async function open(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
  hash = "",
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (url.split("#")[0] === address) return route.continue();
    complaints.push(`request: ${url}`);
    return route.abort();
  });
  await page.goto(address + hash);
  await page.waitForSelector("#page[data-step]");
  return { page, complaints };
}

/** Where screenshots are kept to be looked at. */
export function artefact(name: string): string {
  const folder = join(__dirname, "..", "..", "artefacts");
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
