// How long the extension holds up the extension host's main thread when a window opens (loading its code, calling activate(), and what it goes
// on with in the two seconds after that), and how large the package is.
// usage: node bench/activation.ts [STARTS=20]; needs Chromium, and installs code-server into .vscode-test/ where it is missing
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EditorWindow, openBrowser, signIn } from "../test/e2e/support/editorWindow.ts";
import { installEditor } from "../test/e2e/support/installEditor.ts";
import { packageHeirloom, packageProbe } from "../test/e2e/support/packageExtension.ts";
import { Probe } from "../test/e2e/support/probe.ts";
import { startEditor } from "../test/e2e/support/startEditor.ts";
import { TestRepository } from "../test/support/repository.ts";
import { printFigure, summary } from "./figure.ts";

const starts = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), "heirloom-bench-"));
const workspace = join(folder, "repository");
const probes = join(folder, "probes");

const heirloom = await packageHeirloom(join(folder, "heirloom.vsix"));
printFigure("activation", "size of the .vsix", { megabytes: statSync(heirloom).size / 1e6, wanted: 12 });

mkdirSync(workspace);
TestRepository.init(workspace).grow("main", 200);
TestRepository.init(workspace).git("reset", "-q", "--hard");
const editor = await startEditor(await installEditor(), {
  folder,
  extensions: [heirloom, await packageProbe(join(folder, "probe.vsix"))],
  settings: { "workbench.secondarySideBar.defaultVisibility": "hidden" },
  environment: { HEIRLOOM_PROBE: probes, HEIRLOOM_PROBE_ACTIVATION: "1", HEIRLOOM_DATA: join(folder, "data") },
});
const browser = await openBrowser();
try {
  const context = await signIn(browser, editor);
  const window = await EditorWindow.open(context, editor, workspace);
  const took: Record<"activation" | "load" | "activate" | "later", number[]> = {
    activation: [],
    load: [],
    activate: [],
    later: [],
  };
  let hosts: readonly number[] = [];
  // The first start learns the history and is not counted.
  for (let start = 0; start <= starts; start++) {
    if (start > 0) await window.reload();
    const probe = await Probe.of(probes, workspace, hosts);
    hosts = [...hosts, probe.pid];
    const { load, activate, later } = await probe.activation();
    if (start === 0) continue;
    took.activation.push(load + activate);
    took.load.push(load);
    took.activate.push(activate);
    took.later.push(later);
  }
  const figure = (name: string, of: readonly number[], more = {}): void => {
    printFigure("activation", name, { ...summary(of), ...more });
  };
  figure("activation: loading the code and activate() (ms)", took.activation, { wanted: "p95 at most 50" });
  figure("of which loading (ms)", took.load);
  figure("of which activate() (ms)", took.activate);
  figure("what it goes on with in the two seconds after that (ms)", took.later);
} finally {
  await browser.close();
  await editor.stop();
  rmSync(folder, { recursive: true, force: true });
}
