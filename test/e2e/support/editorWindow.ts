import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Frame, type Locator, type Page } from "playwright-core";
import { findChromium } from "./findChromium.ts";
import { EDITOR_FOLDER } from "./installEditor.ts";
import type { Probe } from "./probe.ts";
import type { RunningEditor } from "./startEditor.ts";
import { SOON } from "./soon.ts";

/** Where pictures of what was seen are kept; git ignores it. */
export const SCREENSHOTS = join(EDITOR_FOLDER, "screenshots");

/** Themes that everything is looked at in, and the class that VS Code's page has under each. */
export const THEMES = {
  light: { setting: "Light Modern", marks: "vs" },
  dark: { setting: "Dark Modern", marks: "vs-dark" },
  "high-contrast": { setting: "Default High Contrast", marks: "hc-black" },
} as const;

const FLAGS = ["no-sandbox", "disable-gpu", "disable-quic", "disable-background-networking"];
const MORE_FLAGS = ["disable-component-update", "disable-sync", "force-prefers-reduced-motion"];

export async function openBrowser(): Promise<Browser> {
  const args = [...FLAGS, ...MORE_FLAGS].map((flag) => `--${flag}`);
  return chromium.launch({ executablePath: findChromium(), args });
}

/** A browser that has given the editor's password: every page of it may open folders. */
export async function signIn(browser: Browser, editor: RunningEditor): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(new URL("login", editor.url).href);
  await page.fill("input[type=password]", editor.password);
  await page.press("input[type=password]", "Enter");
  await page.waitForURL((url) => !url.pathname.includes("login"));
  await page.close();
  return context;
}

/** One window of VS Code, as a person has it in front of them. */
export class EditorWindow {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a folder, or a `.code-workspace` file, in a window of its own and waits until VS Code is there. */
  static async open(context: BrowserContext, editor: RunningEditor, path: string): Promise<EditorWindow> {
    const page = await context.newPage();
    const window = new EditorWindow(page);
    const what = path.endsWith(".code-workspace") ? "workspace" : "folder";
    await page.goto(`${editor.url}?${what}=${encodeURIComponent(path)}`);
    await window.#arrived();
    return window;
  }

  /** A window that VS Code itself opens, by what `act` brings about. */
  static async openedBy(context: BrowserContext, act: () => Promise<void>): Promise<EditorWindow> {
    const opened = context.waitForEvent("page", { timeout: 60_000 });
    await act();
    const window = new EditorWindow(await opened);
    await window.#arrived();
    return window;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.#arrived();
  }

  async #arrived(): Promise<void> {
    await this.page.waitForSelector(".monaco-workbench .statusbar", { timeout: 60_000 });
  }

  /** Runs a command as a person does: F1, its title, Enter. Opens the palette again until it knows the command: extensions come late. */
  async run(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    const entry = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    for (let attempt = 1; ; attempt++) {
      try {
        // The palette closes when its window loses the focus to another one.
        await this.page.bringToFront();
        await this.page.keyboard.press("F1");
        await input.fill(`>${title}`, { timeout: 2_000 });
        await entry.click({ timeout: 2_000 });
        return;
      } catch (error) {
        if (attempt === 15) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Chooses the entry of an open quick pick that contains the text. */
  async pick(text: string | RegExp): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
  }

  /** Types into the open quick input, in place of what stands there. */
  async fill(text: string): Promise<void> {
    await this.page.locator(".quick-input-widget input").first().fill(text);
  }

  /**
   * Waits for a notification that contains the text. In the notification center, which holds all of them: VS Code shows no toast for the fourth
   * within 800 ms, and a test is that fast.
   */
  async notification(text: string | RegExp): Promise<Locator> {
    await this.run("Notifications: Show Notifications");
    const found = this.page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
    await found.waitFor(SOON);
    return found;
  }

  /** The page of the webview that is on the screen and shows an element. VS Code nests it in two frames, and keeps those of hidden ones. */
  async frameWith(selector: string, timeout = 30_000): Promise<Frame> {
    for (const end = Date.now() + timeout; Date.now() < end;) {
      for (const frame of this.page.frames()) if (await shows(frame, selector)) return frame;
      await this.page.waitForTimeout(50);
    }
    await this.screenshot("no-frame");
    throw new Error(`No webview shows ${selector}; see ${join(SCREENSHOTS, "no-frame.png")}`);
  }

  /** Puts a colour theme on and waits until it is there. */
  async theme(name: keyof typeof THEMES, probe: Probe): Promise<void> {
    const { setting, marks } = THEMES[name];
    await probe.setting("workbench.colorTheme", setting);
    await this.page.waitForSelector(`.monaco-workbench.${marks}`);
  }

  async closeNotifications(): Promise<void> {
    await this.run("Notifications: Clear All Notifications");
  }

  /** Writes `.vscode-test/screenshots/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

async function shows(frame: Frame, selector: string): Promise<boolean> {
  try {
    const outer = frame.parentFrame();
    if (outer === null || outer.parentFrame() === null) return false;
    if (!(await (await outer.frameElement()).isVisible())) return false;
    return await frame.locator(selector).first().isVisible();
  } catch {
    // It went while it was looked at.
    return false;
  }
}
