import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { toErrorShape } from "../../src/contract/errors.ts";
import { Button, Icon, IconButton } from "./elements.tsx";

export interface Notice {
  readonly text: string;
  readonly failed?: boolean;
  readonly undo?: () => Promise<unknown>;
}

/** How the page tells a person what happened. */
export interface Announcer {
  /** Shows a toast, for ten seconds if it can be undone, else for five. */
  readonly tell: (notice: Notice) => void;
  /** Says it to screen readers only. */
  readonly say: (text: string) => void;
  /** Tells why something failed. */
  readonly failed: (thrown: unknown) => void;
}

const AnnouncerContext = createContext<Announcer | undefined>(undefined);

export function useAnnouncer(): Announcer {
  const announcer = useContext(AnnouncerContext);
  if (announcer === undefined) throw new Error("The page is drawn inside of Announcements");
  return announcer;
}

/** Holds the live region and the toast of the page. */
export function Announcements({ children }: { readonly children: ComponentChildren }) {
  const [notice, setNotice] = useState<Notice>();
  const [said, setSaid] = useState("");
  const announcer = useRef<Announcer>({
    tell: setNotice,
    say: setSaid,
    failed: (thrown) => setNotice({ text: toErrorShape(thrown).message, failed: true }),
  });
  const close = useCallback(() => setNotice(undefined), []);

  useEffect(() => {
    if (notice === undefined) return undefined;
    const timer = setTimeout(close, notice.undo === undefined && notice.failed !== true ? 5_000 : 10_000);
    return () => clearTimeout(timer);
  }, [notice, close]);

  const undo = (): void => {
    const back = notice?.undo;
    setNotice(undefined);
    back?.().then(() => setNotice({ text: "Undone" }), announcer.current.failed);
  };

  return (
    <AnnouncerContext.Provider value={announcer.current}>
      {children}
      <div class="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
      <div class="toasts" role="status" aria-live="polite">
        {notice !== undefined && (
          <div class="toast">
            <Icon name={notice.failed === true ? "error" : "info"} class={notice.failed === true ? "error-icon" : ""} />
            <span class="toast-text">{notice.text}</span>
            {notice.undo !== undefined && <Button onClick={undo}>Undo</Button>}
            <IconButton label="Close" icon="close" onClick={close} />
          </div>
        )}
      </div>
    </AnnouncerContext.Provider>
  );
}
