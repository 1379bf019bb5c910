/** How long something may take that a person sees at once on a machine of their own: one that tests share may be ten times as slow for a while. */
export const SOON = { timeout: 60_000 };
