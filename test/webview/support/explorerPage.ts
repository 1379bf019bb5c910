import { createServer, type ServerResponse } from "node:http";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { FromExplorer, ToExplorer } from "../../../src/contract/explorer.ts";
import { explorerHtml } from "../../../src/host/explorer/explorerHtml.ts";
import { findChromium } from "../../e2e/support/findChromium.ts";
import type { ExplorerHost } from "./explorerHost.ts";
import { THEMES, type Theme } from "./themes.ts";

const BUILT = join(import.meta.dirname, "../../../dist/webview");
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
const NONCE = "bm9uY2Utb2YtdGhlLXRlc3Q";

export interface PageOptions {
  readonly theme?: Theme;
  /** Pixels; 300 is the side bar as VS Code opens it. */
  readonly width?: number;
  readonly height?: number;
  /** Runs in the page before its own script. */
  readonly before?: () => void;
  /** Files that come only after this, or never where it rejects. */
  readonly late?: { readonly file: RegExp; readonly after: () => Promise<unknown> };
  /** A page that holds one row and no script in place of the explorer: what the browser alone takes. */
  readonly empty?: boolean;
}

/** A real browser that shows the built page under the policy that the extension sends with it. */
export class PageBrowser {
  readonly #browser: Browser;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(browser: Browser, server: ReturnType<typeof createServer>) {
    this.#browser = browser;
    this.#server = server;
  }

  static async start(): Promise<PageBrowser> {
    const server = createServer((request, response) => void serve(request.url ?? "/", response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: "no-sandbox disable-gpu disable-quic disable-background-networking disable-component-update disable-sync"
        .split(" ")
        .map((flag) => `--${flag}`),
    });
    return new PageBrowser(browser, server);
  }

  /** Opens the page with a host behind it. What the browser complains of is in `complaints`. */
  async open(
    host: Pick<ExplorerHost, "receive" | "connect">,
    options: PageOptions = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const { width = 1100, height = 760, theme = "dark" } = options;
    const context = await this.#browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
    // A shared machine may be ten times as slow for a while.
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.exposeBinding("toExtensionHost", (_, message: FromExplorer) => void host.receive(message));
    await page.addInitScript(vscodeApi);
    const { late } = options;
    if (late !== undefined) {
      await page.route(late.file, async (route) =>
        late.after().then(
          () => route.continue(),
          () => route.abort(),
        ),
      );
    }
    if (options.before !== undefined) await page.addInitScript(options.before);
    host.connect((message) => {
      if (page.isClosed()) return;
      page.evaluate(deliver, message).catch(() => undefined);
    });
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/${options.empty === true ? "empty" : ""}?theme=${theme}`);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Runs in the page: VS Code hands messages over like this. */
function deliver(message: ToExplorer): void {
  (globalThis as unknown as { postMessage: (message: unknown, target: string) => void }).postMessage(message, "*");
}

/** Runs in the page before its own script: what VS Code puts into a webview. */
function vscodeApi(): void {
  const api = {
    postMessage: (message: unknown) =>
      void (globalThis as unknown as { toExtensionHost: (message: unknown) => unknown }).toExtensionHost(message),
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") as unknown,
    setState: (state: unknown) => sessionStorage.setItem("state", JSON.stringify(state)),
  };
  Object.assign(globalThis, { acquireVsCodeApi: () => api });
}

async function serve(url: string, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  if (pathname === "/") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(themed((searchParams.get("theme") ?? "dark") as Theme));
    return;
  }
  if (pathname === "/empty") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><p class="row-title">A row</p>`);
    return;
  }
  const name = pathname.slice(1);
  const file = /^(?:chunks\/)?[\w.-]+$/u.test(name)
    ? await readFile(join(BUILT, name)).catch(() => undefined)
    : undefined;
  response.writeHead(file === undefined ? 404 : 200, {
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
  });
  response.end(file);
}

/** The extension's own HTML, policy included, with what VS Code adds to it: the theme's variables, its class and its defaults for the body. */
function themed(theme: Theme): string {
  const { variables, className } = THEMES[theme];
  const html = explorerHtml({
    script: "/explorer.js",
    modules: (JSON.parse(readFileSync(join(BUILT, "explorer.json"), "utf8")) as readonly string[]).map(
      (name) => `/${name}`,
    ),
    style: "/explorer.css",
    icons: "/codicon.css",
    cspSource: "'self'",
    nonce: NONCE,
    place: "editor",
  });
  const body =
    "background: var(--vscode-editor-background); color: var(--vscode-editor-foreground); padding: 0 20px; " +
    "font-family: var(--vscode-font-family); font-size: var(--vscode-font-size);";
  const defaults = `<style nonce="${NONCE}">@layer vscode-default { html { ${variables} } body { ${body} } }</style>`;
  return html.replace("<head>", `<head>${defaults}`).replace("<body ", `<body class="${className}" `);
}
