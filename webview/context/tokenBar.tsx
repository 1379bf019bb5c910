import { useOpenRef } from "./useOpenRef.ts";

/** How the budget is spent, one segment an item; widths are shares of the budget. */
export function TokenBar(props: {
  readonly tokens: number;
  readonly budget: number;
  readonly items: readonly {
    readonly ref: string;
    readonly title?: string | undefined;
    readonly tokens: number;
  }[];
  readonly open: (id: string) => void;
}) {
  const { tokens, budget, items } = props;
  const open = useOpenRef(props.open);
  const whole = Math.max(budget, tokens);
  const framing = Math.max(0, tokens - items.reduce((sum, item) => sum + item.tokens, 0));
  const share = (part: number): string => `${((100 * part) / whole).toFixed(2)}%`;
  return (
    <div class="token-bar-box">
      <div class="token-bar" role="group" aria-label={`${tokens} of ${budget} tokens used`}>
        {items.map((item, index) => (
          <button
            key={item.ref}
            type="button"
            class={`token-part part-${index % 5}`}
            title={`${item.tokens} tokens: ${item.title ?? item.ref}`}
            aria-label={`${item.tokens} tokens: ${item.title ?? item.ref}`}
            style={{ width: share(item.tokens) }}
            onClick={() => open(item.ref)}
          />
        ))}
        <span class="token-part part-frame" title={`${framing} tokens of headings`} style={{ width: share(framing) }} />
      </div>
      <p class="token-words">
        <strong>{tokens.toLocaleString("en")}</strong>
        {` of ${budget.toLocaleString("en")} tokens · ${Math.round((100 * tokens) / budget)} %`}
      </p>
    </div>
  );
}
