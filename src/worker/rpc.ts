import { type ErrorShape, HeirloomError, toErrorShape } from "../contract/errors.ts";

/** One end of a channel between threads: a MessagePort, a Worker seen from its parent, or the parent seen from a worker. */
export interface Channel {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
}

/** An API that crosses threads: every method is asynchronous, and what it takes and gives can be cloned. */
export type Crossable<Api> = { readonly [Name in keyof Api]: (...given: never[]) => Promise<unknown> };

export interface CallServer<Events> {
  /** Tells the other thread something that it did not ask for. */
  emit<Name extends keyof Events & string>(name: Name, data: Events[Name]): void;
  /** Answers nothing more, and aborts what runs. */
  close(): void;
}

export interface CallClient<Api, Events> {
  /** Each method throws the HeirloomError that the other thread answered, or the reason of its own AbortSignal. */
  readonly api: Api;
  on<Name extends keyof Events & string>(name: Name, listener: (data: Events[Name]) => void): () => void;
  /** The other thread is gone: what it was asked, and whatever it is asked from now on, fails with this. */
  end(error: HeirloomError): void;
}

type Request =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly name: string;
      readonly given: readonly unknown[];
      /** Which argument came with an AbortSignal, as its field `signal`. */
      readonly signalAt: number;
    }
  | { readonly kind: "cancel"; readonly id: number };

type Reply =
  | { readonly kind: "answer"; readonly id: number; readonly result: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly error: ErrorShape }
  | { readonly kind: "event"; readonly name: string; readonly data: unknown };

type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** Answers the calls that come over a channel. Whatever a method throws crosses as an ErrorShape. */
export function serveCalls<Api extends Crossable<Api>, Events>(channel: Channel, api: Api): CallServer<Events> {
  const running = new Map<number, AbortController>();

  const reply = (message: Reply): void => {
    try {
      channel.postMessage(message);
    } catch (error) {
      if (message.kind === "event") throw error;
      const { code, message: text } = toErrorShape(error);
      channel.postMessage({ kind: "refusal", id: message.id, error: { code, message: text } });
    }
  };
  const call = async ({ id, name, given, signalAt }: Extract<Request, { readonly kind: "call" }>): Promise<void> => {
    const control = new AbortController();
    running.set(id, control);
    try {
      const withSignal = given.map((one, index) =>
        index === signalAt ? { ...(one as object), signal: control.signal } : one,
      );
      const result = await methodOf(api, name)(...withSignal);
      if (running.has(id)) reply({ kind: "answer", id, result });
    } catch (error) {
      if (running.has(id)) reply({ kind: "refusal", id, error: toErrorShape(error) });
    } finally {
      running.delete(id);
    }
  };
  const cancel = (id: number): void => {
    const control = running.get(id);
    running.delete(id);
    control?.abort();
  };
  const take = (message: unknown): void => {
    const request = message as Request;
    if (request.kind === "call") void call(request);
    else cancel(request.id);
  };
  channel.on("message", take);
  return {
    emit: (name, data) => reply({ kind: "event", name, data }),
    close: () => {
      channel.off("message", take);
      for (const id of [...running.keys()]) cancel(id);
    },
  };
}

/** Only what the API itself offers can be called, nothing that every object has. */
function methodOf(api: object, name: string): Method {
  const method: unknown = name in Object.prototype ? undefined : (api as Record<string, unknown>)[name];
  if (typeof method !== "function") throw new HeirloomError("INTERNAL", `The other thread offers no call "${name}".`);
  return method.bind(api) as Method;
}

/** The other end of `serveCalls`: calls as methods, events to whoever listens. */
export function connectCalls<Api extends Crossable<Api>, Events>(channel: Channel): CallClient<Api, Events> {
  const client = new Client(channel);
  const api = new Proxy(Object.create(null) as object, {
    // Whatever is awaited is asked for `then`: an API is no promise.
    get: (_target, name) =>
      typeof name === "symbol" || name === "then"
        ? undefined
        : (...given: readonly unknown[]) => client.call(name, given),
  });
  return {
    api: api as Api,
    on: (name, listener) => client.on(name, listener as (data: unknown) => void),
    end: (error) => client.end(error),
  };
}

interface Pending {
  readonly settle: (outcome: { readonly result: unknown } | { readonly error: Error }) => void;
}

class Client {
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<(data: unknown) => void>>();
  readonly #take = (message: unknown): void => this.#receive(message as Reply);
  #calls = 0;
  #ended: HeirloomError | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on("message", this.#take);
  }

  call(name: string, given: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const id = ++this.#calls;
      const { sent, signalAt, signal } = withoutSignal(given);
      const cancel = (): void => {
        this.#post({ kind: "cancel", id });
        this.#pending.get(id)?.settle({ error: signal?.reason as Error });
      };
      const settle: Pending["settle"] = (outcome) => {
        this.#pending.delete(id);
        signal?.removeEventListener("abort", cancel);
        if ("result" in outcome) resolve(outcome.result);
        else reject(outcome.error);
      };
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      this.#pending.set(id, { settle });
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        this.#post({ kind: "call", id, name, given: sent, signalAt });
      } catch (error) {
        settle({ error: new HeirloomError("INTERNAL", toErrorShape(error).message, { call: name }, { cause: error }) });
      }
    });
  }

  on(name: string, listener: (data: unknown) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  end(error: HeirloomError): void {
    this.#ended ??= error;
    this.#channel.off("message", this.#take);
    for (const { settle } of [...this.#pending.values()]) settle({ error: this.#ended });
  }

  #post(request: Request): void {
    this.#channel.postMessage(request);
  }

  #receive(reply: Reply): void {
    switch (reply.kind) {
      case "answer":
        this.#pending.get(reply.id)?.settle({ result: reply.result });
        return;
      case "refusal": {
        const { code, message, details } = reply.error;
        this.#pending.get(reply.id)?.settle({ error: new HeirloomError(code, message, details) });
        return;
      }
      case "event":
        // Each on its own: one that throws is reported as such, and keeps nothing from the others.
        for (const listener of this.#listeners.get(reply.name) ?? []) queueMicrotask(() => listener(reply.data));
    }
  }
}

/** The arguments as they can be cloned: an AbortSignal in the field `signal` of one of them stays here. */
function withoutSignal(given: readonly unknown[]): {
  readonly sent: readonly unknown[];
  readonly signalAt: number;
  readonly signal: AbortSignal | undefined;
} {
  const signalAt = given.findIndex((one) => signalOf(one) !== undefined);
  const signal = signalOf(given[signalAt]);
  const sent = given.map((one, index) => (index === signalAt ? { ...(one as object), signal: undefined } : one));
  return { sent, signalAt, signal };
}

function signalOf(argument: unknown): AbortSignal | undefined {
  if (typeof argument !== "object" || argument === null || !("signal" in argument)) return undefined;
  return argument.signal instanceof AbortSignal ? argument.signal : undefined;
}
