import type { ComponentChildren } from "preact";
import type { ErrorCode, ErrorShape } from "../../src/contract/errors.ts";
import { useHost } from "../host.ts";
import { Button, Icon, type IconName, ProgressRing } from "./elements.tsx";

/** A view that has nothing to list says why, and what to do next. */
export function EmptyState(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <div class="empty-state">
      <Icon name={props.icon} class="empty-icon" />
      <h2>{props.title}</h2>
      {props.children}
      {props.actions !== undefined && <div class="empty-actions">{props.actions}</div>}
    </div>
  );
}

/** What to do about an error, where its message alone does not say it. */
const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  QUERY_TIMEOUT: "Fewer or other words are found faster.",
  STORAGE_FULL: "Free some space on the disk; what is remembered can be read meanwhile.",
  STORE_CORRUPT: "The log says which file is damaged. Heirloom: Rebuild Index makes the indexes anew.",
  UNSUPPORTED_VERSION: "A newer Heirloom wrote this store: update the extension.",
  OWNER_UNREACHABLE: "Another window writes this store and does not answer. Close it or wait; reading goes on.",
  RATE_LIMIT_EXCEEDED: "Wait a moment.",
  INTERNAL: "The log has the particulars.",
};

export function ErrorState({ error, retry }: { readonly error: ErrorShape; readonly retry: () => void }) {
  const host = useHost();
  return (
    <div class="error-state" role="alert">
      <Icon name="error" class="error-icon" />
      <div>
        <p class="error-message">{error.message}</p>
        {REMEDIES[error.code] !== undefined && <p class="muted">{REMEDIES[error.code]}</p>}
        <div class="button-row">
          <Button onClick={retry} icon="refresh">
            Try Again
          </Button>
          <Button secondary onClick={() => void host.request("runCommand", { command: "heirloom.openLog" })}>
            Open Log
          </Button>
        </div>
      </div>
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="loading">
      <ProgressRing />
      <span>{what}</span>
    </div>
  );
}

/** A labelled part of a page, with a heading as VS Code's panes have it. */
export function Section(props: {
  readonly title: string;
  readonly count?: number;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="section">
      <h3>
        {props.title}
        {props.count !== undefined && <span class="section-count">{props.count}</span>}
      </h3>
      {props.children}
    </section>
  );
}
