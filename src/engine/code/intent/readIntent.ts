import type { Intent } from "../../../contract/intent.ts";
import { type CodeQuestion, readQuestion } from "../codeQuestion.ts";
import { WEIGHTS } from "../locate/locateFiles.ts";
import type { LocateSignal } from "../locate/signals.ts";
import { classify } from "./classify.ts";
import { INTENT_SHAPES, type IntentShape } from "./intentShapes.ts";
import { readTrace, type Trace } from "./readTrace.ts";

/** A question with what it wants and the places that it names. */
export interface ReadIntent {
  readonly intent: Intent;
  readonly shape: IntentShape;
  readonly trace: Trace;
  /** What is looked for: a trace by its message and the names in it, since the words of its frames say nothing. */
  readonly question: CodeQuestion;
  /** Those of `WEIGHTS`, moved towards those of the intent as far as it is certain. */
  readonly weights: Readonly<Record<LocateSignal, number>>;
}

/** Functions of a trace that are looked for. */
const MOST_NAMES = 12;

export function readIntent(text: string): ReadIntent {
  const trace = readTrace(text);
  const plain = readQuestion(text);
  const intent = classify({ text, names: plain.names, paths: plain.paths, trace });
  const shape = INTENT_SHAPES[intent.name];
  const weights = Object.fromEntries(
    Object.entries(WEIGHTS).map(([signal, weight]) => [
      signal,
      weight * (1 + ((shape.signals[signal as LocateSignal] ?? 1) - 1) * intent.confidence),
    ]),
  ) as Record<LocateSignal, number>;
  const isTrace = trace.frames.some(({ kind }) => kind !== "place");
  return { intent, shape, trace, question: isTrace ? questionOf(trace) : plain, weights };
}

function questionOf({ frames, rest }: Trace): CodeQuestion {
  const names = [...new Set(frames.flatMap(({ symbol }) => symbol ?? []))].slice(0, MOST_NAMES);
  return readQuestion([rest, ...names].join("\n").trim());
}
