import type { Frame, Locator } from "playwright-core";
import type { EditorWindow } from "./editorWindow.ts";

/** Names of the explorer's views, as their tabs say them. */
export const VIEWS = ["Memories", "Lanes", "Context", "Receipts", "Review", "Health"] as const;

/** The explorer in one window, by the roles and names that a screen reader knows. */
export class Explorer {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Opens it as an editor tab, and waits until it shows anything that it has to say. */
  static async open(window: EditorWindow): Promise<Explorer> {
    await window.run("Heirloom: Open Explorer");
    return new Explorer(await window.frameWith(".app :is(.tabs, .empty, h2)"));
  }

  async view(name: (typeof VIEWS)[number]): Promise<void> {
    await this.frame.getByRole("tab", { name }).click();
  }

  get list(): Locator {
    return this.frame.getByRole("listbox", { name: "Memories" });
  }

  /** The row of a memory, by its title. */
  row(title: string): Locator {
    return this.list.getByRole("option", { name: title });
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
