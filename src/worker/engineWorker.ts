/** Entry of the engine worker, a thread of the extension host. */
export {};
