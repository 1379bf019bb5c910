import type { ParseApi } from "../contract/code.ts";
import type { CodeRules } from "../contract/codeRules.ts";
import type { ComputeApi } from "../contract/compute.ts";
import type { MeaningFiles } from "./meaning.ts";
import type { Clock, CodeWatcher, Drafts, Files, GitRunner, Logger, Peers, TextScan } from "./ports.ts";

/** What the host of an engine supplies. */
export interface EnginePorts {
  readonly files: Files;
  readonly git: GitRunner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly peers: Peers;
  /** Path of sql-wasm.wasm. */
  readonly sqlWasm: string;
  readonly meaning: MeaningFiles;
  /** Where models of transformers.js run. */
  readonly compute: ComputeApi;
  /** Where code is parsed. */
  readonly parser: ParseApi;
  /** Tells what parses, with its grammars and queries, from another that may find something else. */
  readonly parserVersion: () => Promise<string>;
  /** Tells a process that lives on what changes in a work tree. */
  readonly watcher?: CodeWatcher;
  readonly drafts?: Drafts;
  /** What a person says of the code below the root of a work tree, asked whenever it matters. */
  readonly codeRules?: (root: string) => CodeRules;
  /** Searches many files quickly, where the host has something that does. */
  readonly scan?: TextScan | undefined;
  /** Text of a file, undefined when it is missing or cannot be read. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Where a path really leads, symbolic links resolved; undefined when that is nowhere. */
  readonly realPath: (path: string) => Promise<string | undefined>;
  /** Names of the symbolic links in a folder; undefined when there is no such folder. */
  readonly linksIn: (folder: string) => Promise<readonly string[] | undefined>;
  /** Room on the disk that holds a folder, where the system tells. */
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
}

export interface EngineOptions {
  /** Absolute path of the folder that requests are about unless they name another. */
  readonly workspace: string;
  /** Absolute path of the folder that holds every store. */
  readonly dataFolder: string;
  readonly version: string;
  /** A process that lives on follows HEAD and notes what it needs to recognise rewrites. */
  readonly longLived: boolean;
  /** Make the projection and the indexes anew from the journal. */
  readonly rebuild?: boolean;
}
