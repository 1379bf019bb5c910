/** Entry of the explorer's page. */
export {};
