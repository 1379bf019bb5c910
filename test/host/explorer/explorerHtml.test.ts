import { expect, it } from "vitest";
import { explorerHtml } from "../../../src/host/explorer/explorerHtml.ts";

const html = explorerHtml({
  script: "https://file+.vscode-resource.vscode-cdn.net/x/explorer.js",
  modules: ["https://file+.vscode-resource.vscode-cdn.net/x/chunks/parts.js"],
  style: "https://file+.vscode-resource.vscode-cdn.net/x/explorer.css",
  icons: "https://file+.vscode-resource.vscode-cdn.net/x/codicon.css",
  cspSource: "https://*.vscode-cdn.net",
  nonce: "bm9uY2U",
  place: "sidebar",
});
const policy = /Content-Security-Policy" content="([^"]+)"/u.exec(html)?.[1] ?? "";
const directives = new Map(policy.split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]));

it("allows nothing but the page's own script, styles and font", () => {
  expect(directives.get("default-src")).toEqual(["'none'"]);
  expect(directives.get("script-src")).toEqual(["'nonce-bm9uY2U'"]);
  expect(directives.get("font-src")).toEqual(["https://*.vscode-cdn.net"]);
  expect(policy).not.toMatch(/unsafe|connect-src|\*(?!\.vscode)|http:/u);
});

it("has no script, style or handler of its own in the page", () => {
  expect([...html.matchAll(/<script\b[^>]*>/gu)].map(([tag]) => tag)).toEqual([
    '<script type="module" async nonce="bm9uY2U" src="https://file+.vscode-resource.vscode-cdn.net/x/explorer.js">',
  ]);
  expect(html).toContain(
    '<link rel="modulepreload" nonce="bm9uY2U" href="https://file+.vscode-resource.vscode-cdn.net/x/chunks/parts.js">',
  );
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/u);
});

it("puts nothing that an address holds outside its attribute", () => {
  const odd = explorerHtml({
    script: 'x"><script>',
    modules: ['y"><script>'],
    style: "<b>",
    icons: "&",
    cspSource: '"',
    nonce: "n",
    place: "editor",
  });
  expect(odd).toContain('src="x&quot;&gt;&lt;script&gt;"');
  expect(odd).toContain('href="y&quot;&gt;&lt;script&gt;"');
  expect([...odd.matchAll(/<script/gu)]).toHaveLength(1);
});
