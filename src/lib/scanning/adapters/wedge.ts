/** The keyboard wedge in the browser: hears every key of a page before the page does, and keeps scans apart from typing. */
import { type Scan } from '../scan';
import { createWedgeDecoder, type MissedScan, type WedgeOutcome } from '../wedge-decoder';
import { type KeyFact } from '../keystroke';
import { type RunPart, type WedgeContext } from '../wedge-run';
import { type WedgeSettings } from '../wedge-settings';
import { isTextField, rememberField, type FieldMemory } from './text-field';

/** Calls back after a delay, unless the returned function is called before. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;

const heard = ['keydown', 'keyup', 'input', 'compositionend'] as const;

/**
 * Starts listening. A scan that was typed into a field is taken out of it again, and the Enter or Tab that ends a scan
 * presses no button, in dialogs too.
 *
 * @param target  the window, or what has its shape.
 * @param onScan  told each scan. It may be a payment code: keep it in memory only.
 * @param onMissed  told when something came like a scan, but too slowly to be one.
 * @param isKnown  whether the catalogue has this text.
 * @param expectsScan  whether the screen expects a scan and takes every key that no field gets.
 * @param now  milliseconds by the clock of the events' `timeStamp`.
 * @returns stops listening and forgets what was under way.
 */
export function startWedge({
  target,
  onScan,
  onMissed,
  settings,
  isKnown,
  expectsScan,
  now = () => performance.now(),
  setTimer = browserTimer
}: {
  readonly target: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  readonly onScan: (scan: Scan) => void;
  readonly onMissed?: (missed: MissedScan) => void;
  readonly settings: WedgeSettings;
  readonly isKnown?: (text: string) => boolean;
  readonly expectsScan: () => boolean;
  readonly now?: () => number;
  readonly setTimer?: SetTimer;
}): () => void {
  const decoder = createWedgeDecoder({ settings, ...(isKnown && { isKnown }) });
  const schedule = createAlarm(setTimer);
  // A button is pressed by Space when the key comes up, so a key that was swallowed is swallowed whole.
  const swallowedCodes = new Set<string>();
  const field: Record<RunPart, FieldMemory | null> = { run: null, scan: null };
  let composed = '';
  let restoring = false;

  function listen(event: Event): void {
    // Putting a value back says so by an input event; that one is ours.
    if (restoring) return;
    const focused = event.composedPath()[0] ?? event.target;
    const inField = isTextField(focused);
    const fact = toFact(event);
    if (fact === null) return;
    const outcome = decoder.take(fact, { inField, expecting: expectsScan() } satisfies WedgeContext);
    obey(outcome, focused);
    if (event.type === 'keydown' && isKeyboardEvent(event)) {
      if (outcome.swallow) {
        swallow(event);
        swallowedCodes.add(event.code);
      } else {
        swallowedCodes.delete(event.code);
      }
    }
    deliver(outcome);
  }

  function toFact(event: Event): KeyFact | null {
    const at = event.timeStamp;
    if (isKeyboardEvent(event)) {
      const { key, code } = event;
      if (event.type === 'keydown') return keydownFact(event);
      if (swallowedCodes.delete(code)) swallow(event);
      return { type: 'keyup', key, at };
    }
    if (event.type === 'compositionend') composed = '';
    if (event.type !== 'input' || !isInputEvent(event)) return null;
    return { type: 'input', text: typedText(event), at };
  }

  /** What the event adds. A composition tells all of its text each time; pasted and corrected text was not typed. */
  function typedText({ inputType, data }: InputEvent): string {
    if (inputType === 'insertLineBreak') return '\n';
    if (inputType === 'insertText') return data ?? '';
    if (inputType !== 'insertCompositionText') return '';
    const before = composed;
    composed = data ?? '';
    return composed.startsWith(before) ? composed.slice(before.length) : '';
  }

  function obey(outcome: WedgeOutcome, focused: EventTarget | null): void {
    if (outcome.restore !== null) {
      restoring = true;
      try {
        field[outcome.restore]?.restore();
      } finally {
        restoring = false;
      }
    }
    if (outcome.remember !== null) {
      field.scan = isTextField(focused) ? rememberField(focused) : null;
      if (outcome.remember === 'run') field.run = field.scan;
    }
    schedule(outcome.wakeAt === null ? null : Math.max(0, outcome.wakeAt - now()), wake);
  }

  function deliver({ scans, missed }: WedgeOutcome): void {
    for (const scan of scans) onScan(scan);
    if (missed !== null) onMissed?.(missed);
  }

  function wake(): void {
    const outcome = decoder.tick(now());
    obey(outcome, null);
    deliver(outcome);
  }

  for (const type of heard) target.addEventListener(type, listen, { capture: true });
  return () => {
    for (const type of heard) target.removeEventListener(type, listen, { capture: true });
    schedule(null, wake);
  };
}

/** One alarm at a time. It rings a moment late on purpose: keys that wait behind a busy page come before it. */
function createAlarm(setTimer: SetTimer): (delayMs: number | null, ring: () => void) => void {
  let cancel: (() => void) | null = null;
  return (delayMs, ring) => {
    cancel?.();
    cancel = null;
    if (delayMs === null) return;
    cancel = setTimer(() => {
      cancel = setTimer(ring, 0);
    }, delayMs);
  };
}

function browserTimer(callback: () => void, delayMs: number): () => void {
  const handle = setTimeout(callback, delayMs);
  return () => clearTimeout(handle);
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function keydownFact(event: KeyboardEvent): KeyFact {
  const { key, code, shiftKey, ctrlKey, altKey, metaKey, repeat, timeStamp } = event;
  return {
    type: 'keydown',
    key,
    code,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only sign of an input method in all browsers
    keyCode: event.keyCode,
    shiftKey,
    ctrlKey,
    altKey,
    metaKey,
    // a stand-in for a key event, of a test or an older extension, may lack it
    capsLock: event.getModifierState?.('CapsLock') ?? false,
    repeat,
    at: timeStamp
  };
}

// An autofill sends keydown events that carry no key.
function isKeyboardEvent(event: Event): event is KeyboardEvent {
  return 'key' in event && 'code' in event && typeof event.key === 'string';
}

function isInputEvent(event: Event): event is InputEvent {
  return 'inputType' in event;
}
