/** Text for notifications, in which VS Code makes a link of `[text](command:x)`, and runs the command: it is shown as what it says. */
export const plainMessage = (text: string): string => text.replace(/\]\(/gu, "] (");
