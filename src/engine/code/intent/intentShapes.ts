import type { IntentName } from "../../../contract/intent.ts";
import type { FileRole } from "../fileRole.ts";
import type { LocateSignal } from "../locate/signals.ts";

/** What an intent makes of an answer. */
export interface IntentShape {
  /** By what a signal's weight is multiplied where it is certain that this is meant; 1 for what is not named. */
  readonly signals: Partial<Readonly<Record<LocateSignal, number>>>;
  /** Files of these roles do not come down. */
  readonly spares: readonly FileRole[];
  /** The part of a bundle that memories are meant to have, 0..1: beyond it each counts less. */
  readonly memoryShare: number;
  readonly memoriesFirst: boolean;
  /** By what the worth of a commit's message is multiplied: it says what was done and seldom why. */
  readonly commitWorth: number;
  /** What each level of a file is worth of what the file is worth whole, 0..1. */
  readonly levels: LevelWorth;
}

/** 0..1, never falling from one to the next. */
export interface LevelWorth {
  readonly outline: number;
  readonly signatures: number;
  /** Of all passages that were found in the file. */
  readonly implementation: number;
}

const IMPLEMENTATION: LevelWorth = { outline: 0.25, signatures: 0.4, implementation: 0.95 };
const SIGNATURES: LevelWorth = { outline: 0.3, signatures: 0.65, implementation: 0.95 };
const PLACES: LevelWorth = { outline: 0.45, signatures: 0.65, implementation: 0.95 };

const USUAL: IntentShape = {
  signals: {},
  spares: [],
  memoryShare: 0.35,
  memoriesFirst: true,
  commitWorth: 0.6,
  levels: IMPLEMENTATION,
};

/** `task` keeps the weights that were fitted to commits; what the others change is judged by what they ask for. */
export const INTENT_SHAPES: Readonly<Record<IntentName, IntentShape>> = {
  task: USUAL,
  /** What failed is code; what is known of failures comes with it. */
  error: { ...USUAL, signals: { definition: 1.5, quoted: 2 }, memoryShare: 0.25, memoriesFirst: false },
  /** Many callers in few lines. */
  usage: {
    ...USUAL,
    signals: { imports: 4, definition: 1.5, messages: 0.5, recency: 0.5 },
    memoryShare: 0.15,
    memoriesFirst: false,
    levels: SIGNATURES,
  },
  /** Reasons are remembered, or said by commits; code shows only what came of them. */
  why: { ...USUAL, signals: { messages: 1.5, message: 2, memories: 2 }, memoryShare: 0.65, commitWorth: 1 },
  recent: { ...USUAL, signals: { recency: 3, messages: 1.5, message: 2 }, memoryShare: 0.5, commitWorth: 1.5 },
  test: { ...USUAL, spares: ["test"], memoryShare: 0.2, memoriesFirst: false },
  /** The definition whole, and little else. */
  symbol: {
    ...USUAL,
    signals: { definition: 2, quoted: 1.5, messages: 0.5, recency: 0.5 },
    spares: ["declaration"],
    memoryShare: 0.2,
    memoriesFirst: false,
  },
  where: { ...USUAL, memoryShare: 0.2, memoriesFirst: false, levels: PLACES },
  how: { ...USUAL, signals: { definition: 1.5 }, memoryShare: 0.35 },
  configuration: { ...USUAL, spares: ["settings"], memoryShare: 0.3 },
};
