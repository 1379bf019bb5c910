/** What the launcher is made of. */
export interface LauncherPlaces {
  readonly dataFolder: string;
  /** The root of the extension or package, which holds `dist/cli.js` and `dist/hook.js`. */
  readonly extensionFolder: string;
  /** An executable that runs as Node with ELECTRON_RUN_AS_NODE=1: VS Code's `process.execPath`, or Node itself. */
  readonly runtime: string;
}

export interface LauncherState {
  /** What agents run: `bin/heirloom`, on Windows `bin/heirloom.cmd`. */
  readonly path: string;
  /** The Node that it prefers to the runtime; absent: none on PATH is new enough. */
  readonly node?: string;
  /** Whether anything had to be written. */
  readonly changed: boolean;
}
