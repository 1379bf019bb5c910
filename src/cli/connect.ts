import type { EngineApi } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { HostOptions } from "../serve/openHost.ts";
import { findOwner } from "../serve/findOwner.ts";
import { remoteEngine } from "../serve/remoteEngine.ts";

/**
 * Does the work of one short-lived command: a running process that owns the store is asked, else the store is opened here. `own` opens it
 * in any case, as a follower where somebody owns it.
 */
export async function withEngine(
  options: HostOptions,
  { own }: { readonly own: boolean },
  work: (engine: EngineApi) => Promise<void>,
): Promise<void> {
  const owner = own ? undefined : await findOwner(options.workspace, options.dataFolder);
  if (owner !== undefined) {
    try {
      await work(remoteEngine(owner));
      return;
    } catch (error) {
      // It died a moment ago, or is about to: then the store is ours to open.
      if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
    }
  }
  const { openHost } = await import("../serve/openHost.ts");
  const host = await openHost(options);
  try {
    await work(host.engine);
  } finally {
    await host.close();
  }
}
