import { useRef } from "preact/hooks";
import { EXPLORER_VIEWS, type ExplorerView } from "../src/contract/explorer.ts";
import { Icon, type IconName } from "./parts/elements.tsx";

const VIEWS: Readonly<Record<ExplorerView, { readonly icon: IconName; readonly label: string }>> = {
  memories: { icon: "layers", label: "Memories" },
  lanes: { icon: "git-branch", label: "Lanes" },
  code: { icon: "code", label: "Code" },
  context: { icon: "output", label: "Context" },
  receipts: { icon: "checklist", label: "Receipts" },
  review: { icon: "references", label: "Review" },
  health: { icon: "pulse", label: "Health" },
};

/** The views as tabs: icons where there is little room, names beside them where there is more. */
export function ViewTabs(props: {
  readonly view: ExplorerView;
  readonly onChoose: (view: ExplorerView) => void;
  readonly branch: string | undefined;
}) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = EXPLORER_VIEWS.indexOf(props.view) + step;
    const next = EXPLORER_VIEWS[(at + EXPLORER_VIEWS.length) % EXPLORER_VIEWS.length] ?? props.view;
    props.onChoose(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <header class="top">
      <div class="tabs" role="tablist" aria-label="Views of Heirloom" ref={list} onKeyDown={onKeyDown}>
        {EXPLORER_VIEWS.map((view) => (
          <button
            key={view}
            type="button"
            id={`tab-${view}`}
            class="tab"
            role="tab"
            title={VIEWS[view].label}
            aria-label={VIEWS[view].label}
            aria-selected={view === props.view}
            aria-controls="view"
            tabIndex={view === props.view ? 0 : -1}
            onClick={() => props.onChoose(view)}
          >
            <Icon name={VIEWS[view].icon} />
            <span class="tab-label">{VIEWS[view].label}</span>
          </button>
        ))}
      </div>
      {props.branch !== undefined && (
        <span class="branch" title={`On ${props.branch}`}>
          <Icon name="git-branch" />
          <span class="branch-name">{props.branch}</span>
        </span>
      )}
    </header>
  );
}
