import type { ComponentChildren } from "preact";
import type { ErrorCode, ErrorShape } from "../src/contract/errors.ts";
import { ERROR_CODES } from "../src/contract/errors.ts";
import type { ExplorerState } from "../src/contract/explorer.ts";
import type { FolderState } from "../src/contract/window.ts";
import { useHost } from "./host.ts";
import { useAnnouncer } from "./parts/announcer.tsx";
import { Button, ProgressRing, Select } from "./parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "./parts/states.tsx";
import { count } from "./parts/words.ts";

/** Shows the views only where there is something to show them of; says what is missing where there is not. */
export function WindowGate(props: {
  readonly state: ExplorerState | undefined;
  readonly problem: ErrorShape | undefined;
  readonly retry: () => void;
  readonly onState: (state: ExplorerState) => void;
  readonly children: ComponentChildren;
}) {
  const { state, problem, retry, onState, children } = props;
  const host = useHost();
  if (problem !== undefined) return <ErrorState error={problem} retry={retry} />;
  if (state === undefined) return <Loading what="Opening Heirloom…" />;
  if (state.trust === "restricted") {
    return (
      <EmptyState
        icon="shield"
        title="Heirloom rests in restricted mode"
        actions={
          <Button onClick={() => void host.request("runCommand", { command: "heirloom.manageTrust" })} icon="shield">
            Manage Workspace Trust
          </Button>
        }
      >
        <p>This workspace is not trusted: nothing of it is read, remembered or given to an agent.</p>
      </EmptyState>
    );
  }
  const folder = state.folders.find(({ path }) => path === state.activeFolder) ?? state.folders[0];
  if (folder === undefined) {
    return (
      <EmptyState icon="folder-opened" title="No folder is open">
        <p>Memories belong to a repository. Open a folder (File &gt; Open Folder…) to see what is remembered of it.</p>
      </EmptyState>
    );
  }
  return (
    <>
      {state.folders.length > 1 && <FolderChoice state={state} folder={folder} onState={onState} />}
      {state.learning !== undefined && (
        <div class="learning" role="status">
          <ProgressRing />
          <span>Learning from the history: {count(state.learning.commitsRead, "commit")} read</span>
        </div>
      )}
      {folder.state === "opening" && <Loading what={`Opening the memories of ${folder.name}…`} />}
      {folder.state === "failed" && <ErrorState error={errorOf(folder)} retry={retry} />}
      {folder.state === "open" && children}
    </>
  );
}

function FolderChoice(props: {
  readonly state: ExplorerState;
  readonly folder: FolderState;
  readonly onState: (state: ExplorerState) => void;
}) {
  const host = useHost();
  const announcer = useAnnouncer();
  return (
    <div class="folder-choice">
      <Select
        label="Folder"
        value={props.folder.path}
        options={props.state.folders.map(({ path, name }) => ({ value: path, label: name }))}
        onChange={(path) => void host.request("selectFolder", { path }).then(props.onState, announcer.failed)}
      />
    </div>
  );
}

function errorOf(folder: FolderState): ErrorShape {
  const { code = "INTERNAL", message = "The store did not open" } = folder.problem ?? {};
  const known = ERROR_CODES.find((candidate) => candidate === code) satisfies ErrorCode | undefined;
  return { code: known ?? "INTERNAL", message: `${folder.name}: ${message}` };
}
