// The explorer's page in a real browser, the engine in another process: how long until the first list is there, and how long from a key to
// its results on the screen. Needs the built page and Chromium.  usage: node bench/explorerPage.ts [memories], 100000 unless told
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { FromExplorer, ToExplorer } from "../src/contract/explorer.ts";
import { PageBrowser } from "../test/webview/support/explorerPage.ts";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";

const OPENINGS = 40;
const WARM_KEYS = 60;
const KEYS = 300;
/** Milliseconds from key to key: 100 words a minute. */
const PACE = 120;

const memories = Number(process.argv[2] ?? 100_000);
const engine = fork(join(import.meta.dirname, "explorerEngine.ts"), [String(memories)]);
await once(engine, "message");
let send: (message: ToExplorer) => void = () => undefined;
engine.on("message", (message) => send(message as ToExplorer));
const host = {
  receive: async (message: FromExplorer): Promise<void> => void engine.send(message),
  connect: (to: typeof send): void => void (send = to),
};
const browser = await PageBrowser.start();

const opened: number[] = [];
const empty: number[] = [];
for (let opening = 0; opening <= OPENINGS; opening++) {
  const [list, nothing] = [await firstRow(false), await firstRow(true)];
  // The first one starts the browser's own processes.
  if (opening === 0) continue;
  opened.push(list);
  empty.push(nothing);
}
printFigure("explorerPage", "first list after the view opens (ms)", {
  memories,
  ...summary(opened),
  wanted: "at most 300",
});
printFigure("explorerPage", "an empty page beside it (ms)", summary(empty));

const { page } = await browser.open(host, { before: watchKeys });
await page.locator(".row-title").first().waitFor();
await type(page, realQueries(realTexts(10_000), 200).join(" "));
const keys = await page.evaluate<readonly number[]>("keyTimes()");
printFigure("explorerPage", "key to results on the screen (ms)", {
  memories,
  ...summary(keys.slice(WARM_KEYS)),
  wanted: "p95 at most 60",
});
await browser.close();
engine.send("end");
await once(engine, "exit");

/** Milliseconds from the navigation to the first row that is painted, in a browser context that knows nothing yet. */
async function firstRow(without: boolean): Promise<number> {
  const { page } = await browser.open(host, { before: watchFirstRow, empty: without });
  await page.locator(".row-title").first().waitFor();
  const milliseconds = await page.evaluate<number>("firstRowAt");
  await page.context().close();
  return milliseconds;
}

/** Writes words into the search, at most four before it begins anew. */
async function type(to: Page, text: string): Promise<void> {
  const field = to.locator("vscode-textfield input").first();
  const words = text.split(" ");
  let pressed = 0;
  for (let first = 0; pressed < WARM_KEYS + KEYS; first += 4) {
    await field.fill("");
    await to.waitForTimeout(4 * PACE);
    const question = words.slice(first, first + 4).join(" ");
    await field.pressSequentially(question, { delay: PACE });
    pressed += question.length;
  }
  await to.waitForTimeout(1_000);
}

/** Runs in the page: notes when the first row was painted, in milliseconds since the navigation began. */
function watchFirstRow(): void {
  const look = (): void => {
    const page = globalThis as unknown as {
      document: { querySelector(selector: string): unknown };
      requestAnimationFrame(then: () => void): void;
      firstRowAt: number;
    };
    if (page.document.querySelector(".row-title") === null) page.requestAnimationFrame(look);
    else setTimeout(() => (page.firstRowAt = performance.now()));
  };
  look();
}

/** Runs in the page: notes for each key of the search when the first results that know of it were painted. */
function watchKeys(): void {
  interface Message {
    readonly type: string;
    readonly id: number;
    readonly name: string;
  }
  const page = globalThis as unknown as {
    toExtensionHost: (message: Message) => unknown;
    requestAnimationFrame(then: () => void): void;
    addEventListener(name: string, then: (event: { timeStamp: number; data: Message }) => void, capture: boolean): void;
    keyTimes: () => readonly number[];
  };
  const waiting: number[] = [];
  const asked = new Map<number, number>();
  const times: number[] = [];
  const send = page.toExtensionHost;
  page.toExtensionHost = (message) => {
    if (message.name === "browse") asked.set(message.id, waiting.length);
    return send(message);
  };
  page.addEventListener("beforeinput", ({ timeStamp }) => void waiting.push(timeStamp), true);
  page.addEventListener(
    "message",
    ({ data }) => {
      const known = data.type === "answer" ? asked.get(data.id) : undefined;
      if (known === undefined) return;
      // The page's own listener draws in this turn; the frame after it is what a person sees.
      page.requestAnimationFrame(() =>
        setTimeout(() => {
          for (let key = times.length; key < known; key++) times.push(performance.now() - (waiting[key] ?? 0));
        }),
      );
    },
    true,
  );
  page.keyTimes = () => times;
}
