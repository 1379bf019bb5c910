import type { ExtensionContext } from "vscode";
import { startExtension, stopExtension } from "./host/startExtension.ts";

export function activate(context: ExtensionContext): void {
  startExtension(context);
}

export async function deactivate(): Promise<void> {
  await stopExtension();
}
