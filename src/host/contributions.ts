/** Something that a contribution leaves behind and that ends with the extension. */
export interface Disposable {
  dispose(): unknown;
}

/** One part of the extension. It may throw: then it is missing, and the others work. */
export interface Contribution<Services> {
  readonly name: string;
  readonly register: (services: Services) => Disposable;
}

/** Registers every contribution in isolation. Disposing takes them back in the opposite order, each in isolation too. */
export function registerContributions<Services>(
  contributions: readonly Contribution<Services>[],
  services: Services,
  onFailure: (name: string, error: unknown) => void,
): Disposable {
  const registered: { readonly name: string; readonly disposable: Disposable }[] = [];
  for (const { name, register } of contributions) {
    try {
      registered.push({ name, disposable: register(services) });
    } catch (error) {
      onFailure(name, error);
    }
  }
  return {
    dispose: () => {
      for (const { name, disposable } of registered.splice(0).reverse()) {
        try {
          disposable.dispose();
        } catch (error) {
          onFailure(name, error);
        }
      }
    },
  };
}

/** Several disposables as one; the last one made is disposed first. */
export function together(...disposables: readonly (Disposable | (() => void))[]): Disposable {
  return {
    dispose: () => {
      for (const disposable of disposables.toReversed())
        if (typeof disposable === "function") disposable();
        else disposable.dispose();
    },
  };
}
