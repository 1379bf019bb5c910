import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext } from "playwright-core";
import { inject } from "vitest";
import { TestRepository } from "../../support/repository.ts";
import { type Answer, heirloom } from "../../support/heirloom.ts";
import { EditorWindow, openBrowser, signIn } from "./editorWindow.ts";
import { Probe } from "./probe.ts";
import { type RunningEditor, startEditor } from "./startEditor.ts";

export interface SceneOptions {
  /** Of the editor's user. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to that of the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether Heirloom is installed from the start, as it is by default. */
  readonly heirloom?: boolean;
}

/** An editor with the packaged extension, a browser before it, and a data folder, all of one test file. */
export class Scene {
  readonly folder: string;
  readonly editor: RunningEditor;
  readonly context: BrowserContext;
  readonly #browser: Browser;

  private constructor(folder: string, editor: RunningEditor, browser: Browser, context: BrowserContext) {
    this.folder = folder;
    this.editor = editor;
    this.#browser = browser;
    this.context = context;
  }

  static async open(options: SceneOptions = {}): Promise<Scene> {
    const { editor: installed, folder: above, heirloom: extension, probe } = inject("prepared");
    const folder = realpathSync(mkdtempSync(join(above, "scene-")));
    const [editor, browser] = await Promise.all([
      startEditor(installed, {
        folder,
        extensions: options.heirloom === false ? [probe] : [extension, probe],
        settings: { "workbench.secondarySideBar.defaultVisibility": "hidden", ...options.settings },
        environment: {
          ...options.environment,
          HEIRLOOM_PROBE: join(folder, "probes"),
          HEIRLOOM_DATA: dataOf(folder),
        },
      }),
      openBrowser(),
    ]);
    return new Scene(folder, editor, browser, await signIn(browser, editor));
  }

  /** The home folder of the editor and of what it starts. */
  get home(): string {
    return join(this.folder, "home");
  }

  /** The data folder of the editor and of the command. */
  get data(): string {
    return dataOf(this.folder);
  }

  repository(name: string): TestRepository {
    return TestRepository.init(join(this.folder, name));
  }

  /** A window on a folder or on a `.code-workspace` file. */
  async window(path: string): Promise<EditorWindow> {
    return EditorWindow.open(this.context, this.editor, path);
  }

  /** The extension host that shows a folder; after it was killed, `not` names the dead one. */
  async probe(folder: string, not: readonly number[] = []): Promise<Probe> {
    return Probe.of(join(this.folder, "probes"), folder, not);
  }

  /** Runs the built command on the same data folder. */
  async heirloom(workspace: string, ...args: readonly string[]): Promise<Answer> {
    return this.heirloomWith("", workspace, ...args);
  }

  /** The same with an input. */
  async heirloomWith(input: string, workspace: string, ...args: readonly string[]): Promise<Answer> {
    return heirloom([...args, "--workspace", workspace, "--data", this.data], { input });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.editor.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const dataOf = (folder: string): string => join(folder, "data");
