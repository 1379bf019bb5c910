import type { Host } from "../host.ts";
import type { Announcer } from "../parts/announcer.tsx";

/** Forgets one memory and offers to bring it back. */
export async function forgetMemory(
  host: Host,
  announcer: Announcer,
  memory: { readonly id: string; readonly title: string },
): Promise<void> {
  const { undoToken } = await host.request("forget", { id: memory.id });
  announcer.tell({
    text: `Forgotten: ${memory.title}`,
    ...(undoToken === undefined ? {} : { undo: () => host.request("forget", { undo: undoToken }) }),
  });
}
