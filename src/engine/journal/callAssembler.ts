import type { RecordedEvent } from "../../contract/events.ts";
import type { JournalDamage } from "../seams.ts";

/** What a segment's frame holds. `rest`: how many more events of the same append() follow, so that a crash leaves all of a call or nothing. */
export interface EventFrame extends RecordedEvent {
  readonly rest?: number;
}

/** Puts the events of one append() together, and lets them through when the last of them is there. */
export class CallAssembler {
  readonly #events: RecordedEvent[];
  readonly #damage: JournalDamage[];
  #held: RecordedEvent[] = [];
  #heldDamage: JournalDamage[] = [];
  #lastHeld: number;
  /** Sequence number of the last event of the call that is open. */
  #callEnd = 0;
  #seq: number;

  constructor(lastSeq: number, events: RecordedEvent[], damage: JournalDamage[]) {
    this.#seq = lastSeq;
    this.#lastHeld = lastSeq;
    this.#events = events;
    this.#damage = damage;
  }

  /** The last event that was let through. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether a call has begun whose last event is not there yet. */
  get isOpen(): boolean {
    return this.#held.length > 0;
  }

  take(payload: unknown): void {
    if (!isEventFrame(payload) || payload.seq <= this.#lastHeld) return;
    // The last frame of the open call is damaged: a later call proves that it was written whole.
    if (this.isOpen && payload.seq > this.#callEnd) this.finish();
    const { seq, event, rest = 0 } = payload;
    this.#held.push({ seq, event });
    this.#lastHeld = seq;
    this.#callEnd = seq + rest;
    if (rest === 0) this.finish();
  }

  /** Damage inside a call that is still open may be no more than its torn end. */
  report(damage: JournalDamage): void {
    (this.isOpen ? this.#heldDamage : this.#damage).push(damage);
  }

  finish(): void {
    for (const event of this.#held) this.#events.push(event);
    this.#damage.push(...this.#heldDamage);
    this.#seq = this.#lastHeld;
    this.#held = [];
    this.#heldDamage = [];
  }
}

function isEventFrame(payload: unknown): payload is EventFrame {
  return typeof payload === "object" && payload !== null && "seq" in payload && "event" in payload;
}
