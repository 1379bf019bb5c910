import type { ExplorerState } from "../src/contract/explorer.ts";
import { connectHost } from "./connectHost.ts";
import type { Host } from "./host.ts";
import { BrowseSession } from "./memories/browseSession.ts";

/** What every page begins with, asked for before there is anything to draw it: the engine answers while the page is loaded. */
export interface Opening {
  readonly host: Host;
  readonly state: Promise<ExplorerState>;
  /** The list of the folder that is shown first; it is asked for where the page shows memories. */
  readonly session: BrowseSession;
  /** After both have an answer or a refusal. */
  readonly answered: Promise<unknown>;
}

/** The page's own. This is evaluated before the rest of the page: the first import of explorer.ts. */
export const opening = askFirst(connectHost(acquireVsCodeApi()));

function askFirst(host: Host): Opening {
  const session = new BrowseSession(host);
  const state = host.request("state", {});
  const listed = host.saved.view === "memories" ? session.search(host.saved.search) : undefined;
  return { host, state, session, answered: Promise.allSettled([state, listed]) };
}
