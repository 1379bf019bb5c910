import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { openBrowser, signIn } from "../test/e2e/support/editorWindow.ts";
import { installEditor } from "../test/e2e/support/installEditor.ts";
import { packageHeirloom, packageProbe } from "../test/e2e/support/packageExtension.ts";
import { type RunningEditor, startEditor } from "../test/e2e/support/startEditor.ts";
import { TestRepository } from "../test/support/repository.ts";

/** A real editor with the packaged extension on a repository of 200 commits, for benches; it goes with `close`. */
export interface EditorScene {
  readonly repository: TestRepository;
  readonly editor: RunningEditor;
  readonly context: BrowserContext;
  /** Data folder of the extension. */
  readonly data: string;
  /** Where the probe of each window tells of itself. */
  readonly probes: string;
  /** The package that is installed. */
  readonly heirloom: string;
  close(): Promise<void>;
}

/** Needs Chromium, and installs code-server into .vscode-test/ where it is missing. */
export async function openEditorScene(): Promise<EditorScene> {
  const folder = mkdtempSync(join(tmpdir(), "heirloom-bench-"));
  const [data, probes, workspace] = [join(folder, "data"), join(folder, "probes"), join(folder, "repository")];
  mkdirSync(workspace);
  const repository = TestRepository.init(workspace);
  repository.grow("main", 200);
  repository.git("reset", "-q", "--hard");
  const heirloom = await packageHeirloom(join(folder, "heirloom.vsix"));
  const editor = await startEditor(await installEditor(), {
    folder,
    extensions: [heirloom, await packageProbe(join(folder, "probe.vsix"))],
    settings: { "workbench.secondarySideBar.defaultVisibility": "hidden" },
    environment: { HEIRLOOM_PROBE: probes, HEIRLOOM_DATA: data },
  });
  const browser = await openBrowser();
  return {
    repository,
    editor,
    context: await signIn(browser, editor),
    data,
    probes,
    heirloom,
    close: async () => {
      await browser.close();
      await editor.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
