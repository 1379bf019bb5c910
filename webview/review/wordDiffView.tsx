import { useMemo } from "preact/hooks";
import { wordDiff } from "./wordDiff.ts";

/** What was taken out and what was put in, in one text; or with `side` the text of one side with what only it has. */
export function WordDiff(props: {
  readonly before: string;
  readonly after: string;
  readonly side?: "before" | "after";
}) {
  const { before, after, side } = props;
  const pieces = useMemo(() => wordDiff(before, after), [before, after]);
  return (
    <pre class="memory-text diff">
      {pieces.map((piece, index) => {
        if (piece.side === "both") return <span key={index}>{piece.text}</span>;
        if (side !== undefined && piece.side !== side) return null;
        return piece.side === "before" ? <del key={index}>{piece.text}</del> : <ins key={index}>{piece.text}</ins>;
      })}
    </pre>
  );
}
