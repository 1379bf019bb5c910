import type { EngineApi } from "../contract/engineApi.ts";
import type { Host, HostOptions } from "../serve/openHost.ts";
import { storeNameAt } from "../engine/storeName.ts";
import { findOwner } from "../serve/findOwner.ts";
import { remoteEngine } from "../serve/remoteEngine.ts";
import { steadyEngine } from "../serve/steadyEngine.ts";

/**
 * Does the work of one short-lived command: a running process that owns the store is asked, else the store is opened here. `own` opens it
 * in any case, as a follower where somebody owns it.
 */
export async function withEngine(
  options: HostOptions,
  { own }: { readonly own: boolean },
  work: (engine: EngineApi) => Promise<void>,
): Promise<void> {
  const owner = own ? undefined : await findOwner(storeNameAt(options.workspace), options.dataFolder);
  let host: Promise<Host> | undefined;
  const local = async (): Promise<EngineApi> => {
    host ??= import("../serve/openHost.ts").then(({ openHost }) => openHost(options));
    return (await host).engine;
  };
  try {
    // An owner may die at any moment; then the store is ours to open.
    await work(owner === undefined ? await local() : steadyEngine(remoteEngine(owner), local));
  } finally {
    await (await host)?.close();
  }
}
