/**
 * Markdown in which VS Code's `appendText` has escaped everything else, without what still makes an address into a link by itself: `<mailto:x>`,
 * since no backslash counts between those brackets, `https://x`, `www.x` and `x@y`.
 */
export const withoutLinks = (escaped: string): string =>
  escaped
    .replace(/</gu, "&lt;")
    .replace(/:\/\//gu, "&#58;//")
    .replace(/\bwww\./giu, (www) => www.replace(".", "&#46;"))
    .replace(/@/gu, "&#64;");
