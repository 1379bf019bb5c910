/** Languages whose files use each other's names. */
export function familyOf(language: string | undefined): string | undefined {
  if (language === "typescript" || language === "tsx" || language === "javascript") return "javascript";
  return language === "cpp" ? "c" : language;
}
