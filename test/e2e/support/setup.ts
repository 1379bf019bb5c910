import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type InstalledEditor, installEditor } from "./installEditor.ts";
import { packageHeirloom, packageProbe } from "./packageExtension.ts";

/** What all tests of the editor share: the installed editor and the packages that it is given. */
export interface Prepared {
  readonly editor: InstalledEditor;
  /** A folder outside of this repository, so that no node_modules is above what is unpacked in it. */
  readonly folder: string;
  readonly heirloom: string;
  readonly probe: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly prepared: Prepared;
  }
}

/** Runs once before the first test of the editor. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "heirloom-e2e-")));
  const [editor, heirloom, probe] = await Promise.all([
    installEditor({ onInstall: () => process.stderr.write("Installing code-server into .vscode-test/ …\n") }),
    packageHeirloom(join(folder, "heirloom.vsix")),
    packageProbe(join(folder, "probe.vsix")),
  ]);
  project.provide("prepared", { editor, folder, heirloom, probe });
  return () => rmSync(folder, { recursive: true, force: true });
}
