import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ErrorShape } from "../src/contract/errors.ts";
import { toErrorShape } from "../src/contract/errors.ts";
import type { ExplorerRequest, ExplorerRequests } from "../src/contract/explorer.ts";
import { useHost } from "./host.ts";

export interface Answer<Result> {
  /** The newest answer; it stays while a newer one is asked for. */
  readonly value?: Result;
  readonly error?: ErrorShape;
  readonly loading: boolean;
  readonly retry: () => void;
}

export interface AnswerOptions {
  /** False: nothing is asked. */
  readonly when?: boolean;
  /** Asks again when memories or HEAD changed; default true. */
  readonly live?: boolean;
  /** Milliseconds of quiet before it asks. */
  readonly delay?: number;
}

/**
 * The host's answer to one request, asked anew when the parameters differ or something changed. Answers that were overtaken are dropped;
 * the former value stays until the new one is there, unless it is another request's (`key` of the parameters).
 */
export function useAnswer<Name extends ExplorerRequest>(
  name: Name,
  params: ExplorerRequests[Name]["params"],
  options: AnswerOptions = {},
): Answer<ExplorerRequests[Name]["result"]> {
  type Result = ExplorerRequests[Name]["result"];
  const host = useHost();
  const { when = true, live = true, delay = 0 } = options;
  const [state, setState] = useState<Omit<Answer<Result>, "retry">>({ loading: when });
  const newest = useRef(0);
  const key = JSON.stringify(params);

  const ask = useCallback(() => {
    const turn = ++newest.current;
    setState((old) => ({ ...old, loading: true }));
    host.request(name, JSON.parse(key) as typeof params).then(
      (value) => {
        if (turn === newest.current) setState({ value, loading: false });
      },
      (thrown: unknown) => {
        if (turn === newest.current) setState({ error: toErrorShape(thrown), loading: false });
      },
    );
  }, [host, name, key]);

  useEffect(() => {
    if (!when) return undefined;
    if (delay === 0) {
      ask();
      return () => {
        newest.current++;
      };
    }
    const timer = setTimeout(ask, delay);
    return () => {
      clearTimeout(timer);
      newest.current++;
    };
  }, [ask, when, delay]);

  useEffect(() => (live && when ? host.onNotice("changed", ask) : undefined), [host, ask, live, when]);

  return { ...state, retry: ask };
}
