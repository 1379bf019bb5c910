import type { Frame, Locator } from "playwright-core";
import type { EditorWindow } from "./editorWindow.ts";

/** Names of the explorer's views, as their tabs say them. */
export const VIEWS = ["Memories", "Lanes", "Code", "Context", "Receipts", "Review", "Health"] as const;

/** Something that the page shows once it knows in what state the window is. */
const PAGE = ".app :is(.tabs, h2)";

/** The explorer in one window, by the roles and names that a screen reader knows. */
export class Explorer {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Opens it as an editor tab with the side bar out of the way, and waits until it shows anything that it has to say. */
  static async open(window: EditorWindow): Promise<Explorer> {
    // VS Code offers to close it only where it is open.
    if (await window.page.locator(".part.sidebar").isVisible()) await window.run("View: Close Primary Side Bar");
    await window.run("Heirloom: Open Explorer");
    return new Explorer(await window.frameWith(PAGE));
  }

  /** Shows it in the side bar, and no editor. */
  static async inSideBar(window: EditorWindow): Promise<Explorer> {
    await window.run("View: Close All Editors");
    await window.run("Heirloom: Focus on Memories View");
    return new Explorer(await window.frameWith(PAGE));
  }

  async view(name: (typeof VIEWS)[number]): Promise<void> {
    await this.frame.getByRole("tab", { name }).click();
  }

  get list(): Locator {
    return this.frame.getByRole("listbox", { name: "Memories" });
  }

  /** The row of a memory, by its title. */
  row(title: string): Locator {
    const named = this.frame.locator(".row-title").getByText(title, { exact: true });
    return this.list.getByRole("option").filter({ has: named });
  }

  async search(text: string): Promise<void> {
    await this.frame.getByRole("textbox", { name: "Search memories" }).fill(text);
  }

  /** Opens a memory beside the list. */
  async show(title: string): Promise<Locator> {
    await this.row(title).click();
    const detail = this.frame.getByRole("article", { name: title });
    await detail.waitFor();
    return detail;
  }
}
