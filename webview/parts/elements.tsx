import { type ComponentChildren, h, type Ref } from "preact";

/** Names of https://microsoft.github.io/vscode-codicons/dist/codicon.html. */
export type IconName = string;

interface Named {
  /** What a screen reader says; also the tooltip of an icon button. */
  readonly label: string;
}

/** A codicon that says nothing by itself. */
export function Icon({ name, class: extra = "" }: { readonly name: IconName; readonly class?: string }) {
  return <span class={`codicon codicon-${name} ${extra}`} aria-hidden="true" />;
}

export function Button(props: {
  readonly onClick: () => void;
  readonly icon?: IconName;
  readonly secondary?: boolean;
  readonly disabled?: boolean;
  readonly id?: string;
  readonly children: ComponentChildren;
}) {
  const { icon = "", secondary = false, disabled = false, ...rest } = props;
  return h<Record<string, unknown>>("vscode-button", { icon, secondary, disabled, ...rest });
}

export function IconButton(
  props: Named & {
    readonly icon: IconName;
    readonly onClick: () => void;
    readonly pressed?: boolean;
    /** False: by the tab key it is passed over. */
    readonly reachable?: boolean;
    readonly class?: string;
  },
) {
  const { label, icon, onClick, pressed, reachable = true, class: extra = "" } = props;
  return (
    <button
      type="button"
      class={`icon-button ${extra}`}
      aria-label={label}
      title={label}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      {...(reachable ? {} : { tabIndex: -1 })}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

export function TextField(
  props: Named & {
    readonly value: string;
    readonly onInput: (value: string) => void;
    readonly onKeyDown?: (event: KeyboardEvent) => void;
    readonly placeholder?: string;
    readonly icon?: IconName;
    readonly id?: string;
    readonly ref?: Ref<HTMLElement>;
    readonly children?: ComponentChildren;
  },
) {
  const { label, value, onInput, icon, children, placeholder = "", ...rest } = props;
  return h<Record<string, unknown>>(
    "vscode-textfield",
    { ...rest, label, value, placeholder, onInput: (event: InputEvent) => onInput(valueOf(event)) },
    icon === undefined ? null : h<Record<string, unknown>>("span", { slot: "content-before" }, <Icon name={icon} />),
    children,
  );
}

/** VS Code's own look on the browser's element: the component's stylesheet asks for an image, which the page's policy refuses. */
export function TextArea(
  props: Named & {
    readonly value: string;
    readonly onInput: (value: string) => void;
    readonly rows: number;
    readonly id: string;
  },
) {
  const { id, label, value, onInput, rows } = props;
  return (
    <textarea
      id={id}
      class="text-area"
      aria-label={label}
      rows={rows}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

export function Select<Value extends string>(
  props: Named & {
    readonly value: Value;
    readonly options: readonly { readonly value: Value; readonly label: string }[];
    readonly onChange: (value: Value) => void;
    readonly id?: string;
  },
) {
  const { label, value, options, onChange, ...rest } = props;
  return h<Record<string, unknown>>(
    "vscode-single-select",
    { ...rest, label, value, onChange: (event: Event) => onChange(valueOf(event) as Value) },
    options.map((option) =>
      h<Record<string, unknown>>(
        "vscode-option",
        { key: option.value, value: option.value, selected: option.value === value },
        option.label,
      ),
    ),
  );
}

/** Steps from 0 to `last`. The browser's own slider follows no theme of VS Code, so it is drawn in context.css. */
export function Slider(
  props: Named & {
    readonly value: number;
    readonly last: number;
    readonly valueText: string;
    readonly onInput: (value: number) => void;
    readonly id: string;
  },
) {
  const { id, label, value, last, valueText, onInput } = props;
  return (
    <input
      id={id}
      type="range"
      aria-label={label}
      min={0}
      max={last}
      step={1}
      value={value}
      aria-valuetext={valueText}
      style={{ "--filled": `${(100 * value) / last}%` }}
      onInput={(event) => onInput(Number(event.currentTarget.value))}
    />
  );
}

export function Badge({ children }: { readonly children: ComponentChildren }) {
  return h<Record<string, unknown>>("vscode-badge", { variant: "counter" }, children);
}

export function ProgressRing() {
  return h<Record<string, unknown>>("vscode-progress-ring", {});
}

function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement).value;
}
