/** Of a commit's id what tells it apart at a glance. */
export const shortCommit = (id: string): string => id.slice(0, 8);

/** Of a commit's id what names it to git in a repository of any size, for a text that is to lead there. */
export const citedCommit = (id: string): string => id.slice(0, 12);
