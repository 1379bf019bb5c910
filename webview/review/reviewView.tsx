import { useEffect, useState } from "preact/hooks";
import type { DuplicatePair } from "../../src/contract/explore.ts";
import type { MergeInput } from "../../src/contract/explore.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { IconButton, Select } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { ContradictionReview } from "./contradictionReview.tsx";
import { LineageReview } from "./lineageReview.tsx";
import { SharedReview } from "./sharedReview.tsx";
import { mergeDraftOf, PairCard } from "./pairCard.tsx";

const LIMIT = 50;
const SIMILARITIES = [
  { value: "0.9", label: "90 % alike and more" },
  { value: "0.7", label: "70 % alike and more" },
  { value: "0.5", label: "50 % alike and more" },
  { value: "0.3", label: "30 % alike and more" },
] as const;
type Similarity = (typeof SIMILARITIES)[number]["value"];

/** Memories that may contradict each other, and that HEAD does not inherit, then those that say much the same, one pair at a time. */
export function ReviewView({ open }: { readonly open: (id: string) => void }) {
  const host = useHost();
  const announcer = useAnnouncer();
  const [similarity, setSimilarity] = useState<Similarity>("0.5");
  const [kept, setKept] = useState(host.saved.keptPairs);
  const [index, setIndex] = useState<number>();
  const { value, error, loading, retry } = useAnswer("duplicates", { similarity: Number(similarity), limit: LIMIT });
  useEffect(() => host.save({ keptPairs: kept }), [host, kept]);

  const pairs = (value ?? []).filter((pair) => !kept.includes(keyOf(pair)));
  // A text that was being written is gone on with.
  const begun = pairs.findIndex((one) => host.saved.drafts[mergeDraftOf(one)] !== undefined);
  const at = Math.min(index ?? Math.max(0, begun), pairs.length - 1);
  const pair = pairs[at];

  const merge = async (input: MergeInput): Promise<void> => {
    const { undoToken } = await host.request("merge", input);
    retry();
    announcer.tell({
      text: "Merged into one memory",
      undo: () => host.request("forget", { undo: undoToken }).then(retry),
    });
  };
  const keepBoth = (both: DuplicatePair): void => {
    const key = keyOf(both);
    setKept([...kept, key]);
    announcer.tell({
      text: "Both are kept and not shown here again",
      undo: async () => setKept((now) => now.filter((other) => other !== key)),
    });
  };

  return (
    <div class="review page">
      <ContradictionReview open={open} />
      <SharedReview />
      <LineageReview open={open} />
      <div class="page-bar">
        <Select label="How alike" value={similarity} options={SIMILARITIES} onChange={setSimilarity} />
        {pair !== undefined && (
          <div class="pager">
            <IconButton label="Previous pair" icon="chevron-left" onClick={() => setIndex(Math.max(0, at - 1))} />
            <span role="status">{`${at + 1} of ${count(pairs.length, "pair")}`}</span>
            <IconButton
              label="Next pair"
              icon="chevron-right"
              onClick={() => setIndex(Math.min(pairs.length - 1, at + 1))}
            />
          </div>
        )}
      </div>
      {error !== undefined && <ErrorState error={error} retry={retry} />}
      {error === undefined && value === undefined && loading && <Loading what="Comparing memories…" />}
      {value !== undefined && pair === undefined && (
        <EmptyState icon="pass-filled" title="No two memories say the same">
          <p class="muted">
            {kept.length > 0
              ? `${count(kept.length, "pair")} that you keep are not shown.`
              : "What an agent says twice is merged as it comes in; what is only alike appears here."}
          </p>
        </EmptyState>
      )}
      {pair !== undefined && (
        <PairCard key={keyOf(pair)} pair={pair} onMerge={merge} onKeepBoth={() => keepBoth(pair)} open={open} />
      )}
    </div>
  );
}

const keyOf = ({ a, b }: DuplicatePair): string => [a.id, b.id].sort().join(" ");
