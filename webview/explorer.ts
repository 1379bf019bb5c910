/**
 * The explorer's page: one app for the side bar view and the editor tab.
 *
 * What the host's HTML has to give it:
 * - `<div id="root"></div>` in a body that VS Code fills with its theme variables, and `lang="en"` on `<html>`.
 * - In the head `<link id="vscode-codicon-stylesheet" rel="stylesheet" href="…/dist/webview/codicon.css" nonce="…">` (the components put the
 *   same sheet into their shadow roots, with this href and nonce) and `<link rel="stylesheet" href="…/dist/webview/explorer.css">`.
 * - `<link rel="modulepreload" nonce="…" href="…">` for each file that dist/webview/explorer.json names, so that they are loaded side by side.
 * - `<script type="module" async nonce="…" src="…/dist/webview/explorer.js"></script>` below #root. What it imports later has its nonce.
 * - The policy `default-src 'none'; style-src ${cspSource} 'nonce-…'; script-src 'nonce-…'; font-src ${cspSource}`. Nothing more: the page
 *   sets styles by CSSOM and adopted sheets only, and loads nothing but codicon.ttf beside codicon.css.
 * - `localResourceRoots` with dist/webview, `retainContextWhenHidden` is not needed: what matters is kept with setState.
 *
 * The page posts `{type: "ready"}` once it listens; notices posted before that are lost. It then asks `state`. It speaks contract/explorer.ts
 * and nothing else. A `changed` notice makes it ask again what it shows; `state` replaces what it knows of the window; `show` opens a view.
 */
import "uplot/dist/uPlot.min.css";
import "./explorer.css";
import { opening } from "./opening.ts";
import { draw } from "./draw.tsx";

const root = document.getElementById("root");
if (root !== null) void draw(opening, root);
