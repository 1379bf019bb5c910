/** Text for labels that VS Code draws icons in: `$(name)` is drawn as what it says. */
export const plainLabel = (text: string): string => text.replace(/\$\(/gu, "$ (");
