// How long after a checkout in a terminal the explorer and the status bar of a real editor show the other branch's memories.
// usage: node bench/checkout.ts [CHECKOUTS=30]; needs Chromium, and installs code-server into .vscode-test/ where it is missing
import { EditorWindow } from "../test/e2e/support/editorWindow.ts";
import { Explorer } from "../test/e2e/support/explorer.ts";
import { heirloom } from "../test/support/heirloom.ts";
import { openEditorScene } from "./editorScene.ts";
import { printFigure, summary } from "./figure.ts";

const checkouts = Number(process.argv[2] ?? 30);
const BRANCHES = ["side", "main"] as const;
const WANTED = "at most 500";

const scene = await openEditorScene();
try {
  const { repository } = scene;
  for (const branch of BRANCHES) {
    repository.git("checkout", "-q", "-B", branch);
    repository.commit(`${branch}.txt`);
    const said = ["capture", "--type", "note", "--title", `Said on ${branch}`, `What holds on ${branch} alone.`];
    const { code, stderr } = await heirloom([...said, "--workspace", repository.root, "--data", scene.data]);
    if (code !== 0) throw new Error(stderr);
    if (branch === "side") repository.git("checkout", "-q", "main");
  }
  const window = await EditorWindow.open(scene.context, scene.editor, repository.root);
  const explorer = await Explorer.open(window);
  await explorer.row("Said on main").waitFor();
  const took: Record<"explorer" | "statusBar", number[]> = { explorer: [], statusBar: [] };
  for (let turn = 0; turn < checkouts; turn++) {
    const branch = BRANCHES[turn % 2] ?? "main";
    const other = BRANCHES[(turn + 1) % 2] ?? "main";
    repository.git("checkout", "-q", branch);
    const moved = performance.now();
    const shown = explorer.row(`Said on ${branch}`).waitFor();
    const gone = explorer.row(`Said on ${other}`).waitFor({ state: "detached" });
    // Ours says the branch and how many memories it inherits; git's own item stands beside it.
    const said = window.page.locator(".statusbar-item[id='heirloom.heirloom.heirloom.status']", { hasText: branch });
    await Promise.all([
      Promise.all([shown, gone]).then(() => took.explorer.push(performance.now() - moved)),
      said.waitFor().then(() => took.statusBar.push(performance.now() - moved)),
    ]);
    await window.page.waitForTimeout(500 + 37 * (turn % 7));
  }
  printFigure("checkout", "the explorer follows (ms)", { ...summary(took.explorer), wanted: WANTED });
  printFigure("checkout", "the status bar follows (ms)", { ...summary(took.statusBar), wanted: WANTED });
} finally {
  await scene.close();
}
