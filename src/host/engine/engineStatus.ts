/** How the engine of the window is. */
export type EngineStatus =
  /** Nobody may be served: the workspace is not trusted, or there is no folder. */
  | { readonly state: "off"; readonly why: "restricted" | "no-folder" | "closed" }
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly url: string; readonly token: string }
  /** It died and is started again after a while. */
  | { readonly state: "waiting"; readonly problem: string; readonly retryInMs: number };
