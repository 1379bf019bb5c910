import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ErrorShape } from "../src/contract/errors.ts";
import { toErrorShape } from "../src/contract/errors.ts";
import type { ExplorerState, ExplorerView } from "../src/contract/explorer.ts";
import { ContextView } from "./context/contextView.tsx";
import { HealthView } from "./health/healthView.tsx";
import { type Host, HostContext } from "./host.ts";
import { LanesView } from "./lanes/lanesView.tsx";
import { BrowseSession } from "./memories/browseSession.ts";
import { MemoriesView } from "./memories/memoriesView.tsx";
import { emptySearch, type Search } from "./pageState.ts";
import { Announcements } from "./parts/announcer.tsx";
import { ReceiptsView } from "./receipts/receiptsView.tsx";
import { ReviewView } from "./review/reviewView.tsx";
import { ViewTabs } from "./viewTabs.tsx";
import { WindowGate } from "./windowGate.tsx";

/** Which view is shown, and with what: the only state that views share. */
export interface Place {
  readonly view: ExplorerView;
  readonly search: Search;
  readonly openId?: string | undefined;
  readonly foundBy?: string | undefined;
  readonly question: string;
}

export function App({ host }: { readonly host: Host }) {
  const [state, setState] = useState<ExplorerState>();
  const [problem, setProblem] = useState<ErrorShape>();
  const { view, search, openId, foundBy, question } = host.saved;
  const [place, setPlace] = useState<Place>({ view, search, openId, foundBy, question: question.text });
  const folder = state?.activeFolder;
  const shownFolder = useRef(folder);
  const firstFolder = useRef(folder);
  firstFolder.current ??= folder;
  // A list per folder; that of the first one is asked for before its name is known.
  const laterFolder = folder === firstFolder.current ? undefined : folder;
  const session = useMemo(() => new BrowseSession(host), [host, laterFolder]);
  const firstSession = useRef(session);

  const go = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  const askState = useCallback(() => {
    setProblem(undefined);
    host.request("state", {}).then(setState, (thrown: unknown) => setProblem(toErrorShape(thrown)));
  }, [host]);

  // Before anything is painted, so that no notice is missed; the first list is asked for together with the state, not after its answer.
  useLayoutEffect(() => {
    askState();
    if (host.saved.view === "memories") firstSession.current.search(host.saved.search);
    const ends = [
      host.onNotice("state", (next) => {
        setProblem(undefined);
        setState(next);
      }),
      host.onNotice("show", (wish) => {
        if (wish.view === "context")
          go({ view: "context", ...(wish.text === undefined ? {} : { question: wish.text }) });
        else if (wish.view === "memories") {
          go({
            view: "memories",
            openId: wish.id,
            foundBy: undefined,
            ...(wish.text === undefined ? {} : { search: { ...emptySearch, text: wish.text } }),
          });
        } else go({ view: wish.view });
      }),
    ];
    return () => ends.forEach((end) => end());
  }, [host, askState, go]);

  useLayoutEffect(() => {
    const former = shownFolder.current;
    shownFolder.current = folder;
    if (former === undefined || former === folder) return;
    go({ openId: undefined });
  }, [folder, go]);

  useEffect(() => {
    host.save({ view: place.view, search: place.search, openId: place.openId, foundBy: place.foundBy });
  }, [host, place]);

  const open = useCallback((id: string) => go({ view: "memories", openId: id, foundBy: undefined }), [go]);

  return (
    <HostContext.Provider value={host}>
      <Announcements>
        <main class="app">
          <WindowGate state={state} problem={problem} retry={askState} onState={setState}>
            <ViewTabs view={place.view} onChoose={(next) => go({ view: next })} branch={state?.branch} />
            <div key={folder} class="view" id="view" role="tabpanel" aria-labelledby={`tab-${place.view}`}>
              {place.view === "memories" && (
                <MemoriesView place={place} go={go} session={session} branch={state?.branch} />
              )}
              {place.view === "lanes" && <LanesView go={go} open={open} />}
              {place.view === "context" && <ContextView question={place.question} open={open} />}
              {place.view === "receipts" && <ReceiptsView open={open} />}
              {place.view === "review" && <ReviewView open={open} />}
              {place.view === "health" && <HealthView />}
            </div>
          </WindowGate>
        </main>
      </Announcements>
    </HostContext.Provider>
  );
}
