/** What a person says of the code in a folder. */
export interface CodeRules {
  /** False: none of it is read, and questions about code are refused. */
  readonly enabled: boolean;
  /** What is indexed answers, and nothing more is indexed. */
  readonly paused: boolean;
  /** Globs of what is left out, as VS Code's files.exclude has them, relative to the folder. */
  readonly exclude: readonly string[];
  /** Files past so many are left out, in the order of their paths. */
  readonly mostFiles: number;
}

export const USUAL_CODE_RULES: CodeRules = { enabled: true, paused: false, exclude: [], mostFiles: Infinity };
