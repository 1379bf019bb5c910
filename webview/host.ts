import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ExplorerNotice, ExplorerNotices, ExplorerRequest, ExplorerRequests } from "../src/contract/explorer.ts";
import type { PageState } from "./pageState.ts";

/** The extension host as the page sees it: requests, notices and the state that survives the page being hidden. */
export interface Host {
  /** Rejects with the host's `HeirloomError`. */
  request<Name extends ExplorerRequest>(
    name: Name,
    params: ExplorerRequests[Name]["params"],
  ): Promise<ExplorerRequests[Name]["result"]>;
  /** The returned function ends it. */
  onNotice<Name extends ExplorerNotice>(name: Name, listener: (params: ExplorerNotices[Name]) => void): () => void;
  ready(): void;
  readonly saved: PageState;
  save(change: Partial<PageState>): void;
}

export const HostContext = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error("The page is drawn inside of HostContext");
  return host;
}
