/** What the page is made of, as addresses that a webview may load. */
export interface ExplorerAssets {
  readonly script: string;
  /** What the script imports at once. */
  readonly modules: readonly string[];
  /** Stylesheets of the page and of its icons, which the components put into their shadow roots too. */
  readonly style: string;
  readonly icons: string;
  /** The source that VS Code serves a webview's own files from. */
  readonly cspSource: string;
  /** Random, new for each page. */
  readonly nonce: string;
  /** Where the page is: narrow in the side bar, wide in an editor tab. */
  readonly place: "sidebar" | "editor";
}

/**
 * The page's HTML. Scripts need the nonce, so that nothing that a memory says can ever run; nothing is loaded but the page's own files, and
 * nothing is connected to.
 */
export function explorerHtml({ script, modules, style, icons, cspSource, nonce, place }: ExplorerAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heirloom</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${attribute(nonce)}" href="${attribute(icons)}">
<link rel="stylesheet" nonce="${attribute(nonce)}" href="${attribute(style)}">
${modules.map((module) => `<link rel="modulepreload" nonce="${attribute(nonce)}" href="${attribute(module)}">`).join("\n")}
</head>
<body data-place="${place}">
<div id="root"></div>
<script type="module" async nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string =>
  text.replace(/&/gu, "&amp;").replace(/"/gu, "&quot;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;");
