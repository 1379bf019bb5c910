import { useOpenRef } from "./useOpenRef.ts";

export interface Ref {
  readonly ref: string;
  readonly title?: string | undefined;
  /** Absent of what was left out. */
  readonly tokens?: number;
  readonly why: string;
}

/** Parts of a bundle by name: why each is there or is not, and what it costs as a part of the budget, in the colours of the token bar. */
export function RefList(props: {
  readonly items: readonly Ref[];
  readonly budget: number;
  readonly open: (id: string) => void;
}) {
  const open = useOpenRef(props.open);
  return (
    <ul class="refs">
      {props.items.map(({ ref, title, tokens, why }, index) => (
        <li key={ref} class={tokens === undefined ? "is-dropped" : ""}>
          <button type="button" class="link ref" title={title} onClick={() => open(ref)}>
            {title ?? ref}
          </button>
          {tokens !== undefined && (
            <span class="ref-cost" title={`${tokens} of ${props.budget} tokens`}>
              <span class="ref-bar" aria-hidden="true">
                <span
                  class={`token-part part-${index % 5}`}
                  style={{ width: `${Math.min(100, (100 * tokens) / props.budget).toFixed(2)}%` }}
                />
              </span>
              {tokens.toLocaleString("en")}
              <span class="visually-hidden"> tokens</span>
            </span>
          )}
          <span class="muted ref-why">{why}</span>
        </li>
      ))}
    </ul>
  );
}
