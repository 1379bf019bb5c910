// How long the extension holds up the extension host's main thread when a window opens (loading its code, calling activate(), and what it goes
// on with in the two seconds after that), and how large the package is.
// usage: node bench/activation.ts [STARTS=20]; needs Chromium, and installs code-server into .vscode-test/ where it is missing
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EditorWindow } from "../test/e2e/support/editorWindow.ts";
import { type ActivationTimes, Probe } from "../test/e2e/support/probe.ts";
import { openEditorScene } from "./editorScene.ts";
import { printFigure, summary } from "./figure.ts";

const starts = Number(process.argv[2] ?? 20);
/** A profile of the processor slows down what it watches: what is measured by the clock is measured without one. */
const profiled = Math.ceil(starts / 4);

const scene = await openEditorScene();
try {
  printFigure("activation", "size of the .vsix", { megabytes: statSync(scene.heirloom).size / 1e6, wanted: 12 });
  // The first start learns the history and is not counted.
  watch("clock");
  const window = await EditorWindow.open(scene.context, scene.editor, scene.repository.root);
  const { pid } = await Probe.of(scene.probes, scene.repository.root);
  const hosts = [pid];
  const began = await startsOf("clock", starts);
  const later = await startsOf("profile", profiled);
  const figure = (name: string, of: readonly number[], more = {}): void => {
    printFigure("activation", name, { ...summary(of), ...more });
  };
  const both = began.map(({ load, activate }) => load + activate);
  figure("activation: loading the code and activate() (ms)", both, { wanted: "p95 at most 50" });
  figure(
    "of which loading (ms)",
    began.map(({ load }) => load),
  );
  figure(
    "of which activate() (ms)",
    began.map(({ activate }) => activate),
  );
  figure(
    "what it goes on with in the two seconds after that, under a profiler (ms)",
    later.map(({ later: milliseconds = 0 }) => milliseconds),
  );

  async function startsOf(how: "clock" | "profile", count: number): Promise<readonly ActivationTimes[]> {
    watch(how);
    const taken: ActivationTimes[] = [];
    for (let start = 0; start < count; start++) {
      await window.reload();
      const probe = await Probe.of(scene.probes, scene.repository.root, hosts);
      hosts.push(probe.pid);
      taken.push(await probe.activation());
    }
    return taken;
  }
} finally {
  await scene.close();
}

/** How the windows that open from now on are watched. */
function watch(how: "clock" | "profile"): void {
  mkdirSync(scene.probes, { recursive: true });
  writeFileSync(join(scene.probes, "activation"), how);
}
