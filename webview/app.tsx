import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ErrorShape } from "../src/contract/errors.ts";
import { toErrorShape } from "../src/contract/errors.ts";
import type { ExplorerState, ExplorerView } from "../src/contract/explorer.ts";
import { HostContext } from "./host.ts";
import { LaterView } from "./laterView.tsx";
import { BrowseSession } from "./memories/browseSession.ts";
import { MemoriesView } from "./memories/memoriesView.tsx";
import type { Opening } from "./opening.ts";
import { emptySearch, type Search } from "./pageState.ts";
import { Announcements } from "./parts/announcer.tsx";
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

export function App({ opening }: { readonly opening: Opening }) {
  const { host } = opening;
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
  const session = useMemo(
    () => (laterFolder === undefined ? opening.session : new BrowseSession(host)),
    [host, opening, laterFolder],
  );

  const go = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  const take = useCallback((answer: Promise<ExplorerState>) => {
    setProblem(undefined);
    answer.then(setState, (thrown: unknown) => setProblem(toErrorShape(thrown)));
  }, []);

  // Before anything is painted, so that no notice is missed.
  useLayoutEffect(() => {
    take(opening.state);
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
  }, [host, opening, take, go]);

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
          <WindowGate state={state} problem={problem} retry={() => take(host.request("state", {}))} onState={setState}>
            <ViewTabs view={place.view} onChoose={(next) => go({ view: next })} branch={state?.branch} />
            <div key={folder} class="view" id="view" role="tabpanel" aria-labelledby={`tab-${place.view}`}>
              {place.view === "memories" ? (
                <MemoriesView place={place} go={go} session={session} branch={state?.branch} />
              ) : (
                <LaterView view={place.view} question={place.question} go={go} open={open} />
              )}
            </div>
          </WindowGate>
        </main>
      </Announcements>
    </HostContext.Provider>
  );
}
