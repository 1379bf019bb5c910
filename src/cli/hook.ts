/** Entry of `heirloom hook`: as little code as can be, because an agent waits for it. */
export {};
