import { render } from "preact";
import { App } from "./app.tsx";
import { loadOtherViews } from "./laterView.tsx";
import type { Opening } from "./opening.ts";

/** Milliseconds after which the rest is loaded though the first list is not there yet. */
const PATIENCE = 300;

/** Draws the page, and loads in this order what nobody waits for at first: the components that are typed into, then the other views. */
export async function draw(opening: Opening, root: HTMLElement): Promise<void> {
  render(<App opening={opening} />, root);
  opening.host.ready();
  await Promise.race([opening.answered, after(PATIENCE)]);
  await new Promise(requestAnimationFrame);
  // Now the list is painted.
  await after(0);
  await import("./parts/elementDefinitions.ts");
  requestIdleCallback(() => void loadOtherViews().catch(() => undefined));
}

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
