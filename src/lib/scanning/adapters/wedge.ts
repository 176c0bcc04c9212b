/** The keyboard wedge in the browser: hears every key of a page before the page does, and keeps scans apart from typing. */
import { createFeed } from '../feed';
import { type Scanner, type ScannerState, type WedgeRoadSettings } from '../port';
import { type Scan } from '../scan';
import { createWedgeDecoder, type MissedScan, type WedgeOutcome } from '../wedge-decoder';
import { type KeyFact } from '../keystroke';
import { type RunPart, type WedgeContext } from '../wedge-run';
import { type WedgeSettings } from '../wedge-settings';
import { browserTime, createAlarm, createTracer, tellScans, type DeviceTime } from './road-parts';
import { isTextField, rememberField, type FieldMemory } from './text-field';

const heard = ['keydown', 'keyup', 'input', 'compositionend'] as const;

/**
 * Makes the scanner of all that types; it is off until `reopen`. One is enough: a page can't tell two keyboards apart.
 *
 * @param isKnown  whether the catalogue has this text.
 * @param expectsScan  whether the screen expects a scan and takes every key that no field gets.
 * @param awaitsPayment  whether the screen waits for a shopper's payment code.
 */
export function createWedgeScanner({
  target,
  settings: first,
  isKnown,
  expectsScan,
  awaitsPayment,
  time = browserTime
}: {
  readonly target: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  readonly settings: WedgeRoadSettings;
  readonly isKnown: (text: string) => boolean;
  readonly expectsScan: () => boolean;
  readonly awaitsPayment: () => boolean;
  readonly time?: DeviceTime;
}): Scanner {
  const scans = createFeed<Scan>();
  const states = createFeed<ScannerState>();
  const tracer = createTracer();
  let settings = first;
  let stop: (() => void) | null = null;

  const state = (): ScannerState => ({ state: stop === null ? 'off' : 'ready' });
  function start(): void {
    stop?.();
    stop = startWedge({
      target,
      settings,
      isKnown,
      expectsScan,
      awaitsPayment,
      time,
      onKey: (fact, swallowed) => tracer.tell({ what: 'key', fact, swallowed, at: fact.at }),
      onMissed: (missed) => tracer.tell({ what: 'missed', missed, at: time.now() }),
      onScan: (scan) => tellScans([scan], { scans, tracer, at: scan.at })
    });
  }
  function halt(): void {
    stop?.();
    stop = null;
  }

  return {
    road: 'wedge',
    get state() {
      return state();
    },
    onState(listener) {
      listener(state());
      return states.listen(listener);
    },
    onScan: (listener) => scans.listen(listener),
    onTrace: (listener) => tracer.feed.listen(listener),
    async connect() {
      this.reopen();
      return { ok: true };
    },
    reopen() {
      if (stop !== null) return;
      start();
      states.tell(state());
    },
    async disconnect() {
      halt();
      states.tell(state());
    },
    configure(next) {
      if (next.road !== 'wedge') return;
      settings = next;
      if (stop !== null) start();
    },
    destroy() {
      halt();
      for (const feed of [scans, states, tracer.feed]) feed.close();
    },
    camera: null
  };
}

/**
 * Starts listening. A scan that was typed into a field is taken out of it again, and the Enter or Tab that ends a scan
 * presses no button, in dialogs too.
 *
 * @param target  the window, or what has its shape.
 * @param onScan  told each scan. It may be a payment code: keep it in memory only.
 * @param onMissed  told when something came like a scan, but too slowly to be one.
 * @param isKnown  whether the catalogue has this text.
 * @param expectsScan  whether the screen expects a scan and takes every key that no field gets.
 * @param awaitsPayment  whether the screen waits for a shopper's payment code.
 * @param onKey  told each key and whether the page was kept from it; for a screen that explains. Keep it in memory only.
 * @returns stops listening and forgets what was under way.
 */
export function startWedge({
  target,
  onScan,
  onMissed,
  onKey,
  settings,
  isKnown,
  expectsScan,
  awaitsPayment,
  time = browserTime
}: {
  readonly target: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  readonly onScan: (scan: Scan) => void;
  readonly onMissed?: ((missed: MissedScan) => void) | undefined;
  readonly onKey?: ((fact: KeyFact, swallowed: boolean) => void) | undefined;
  readonly settings: WedgeSettings;
  readonly isKnown?: ((text: string) => boolean) | undefined;
  readonly expectsScan: () => boolean;
  readonly awaitsPayment: () => boolean;
  readonly time?: DeviceTime;
}): () => void {
  const decoder = createWedgeDecoder({ settings, ...(isKnown && { isKnown }) });
  const schedule = createAlarm(time);
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
    const context: WedgeContext = { inField, expecting: expectsScan(), paying: awaitsPayment() };
    const outcome = decoder.take(fact, context);
    obey(outcome, focused);
    onKey?.(fact, outcome.swallow);
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
    schedule(outcome.wakeAt, wake);
  }

  function deliver({ scans, missed }: WedgeOutcome): void {
    for (const scan of scans) onScan(scan);
    if (missed !== null) onMissed?.(missed);
  }

  function wake(): void {
    const outcome = decoder.tick(time.now());
    obey(outcome, null);
    deliver(outcome);
  }

  for (const type of heard) target.addEventListener(type, listen, { capture: true });
  return () => {
    for (const type of heard) target.removeEventListener(type, listen, { capture: true });
    schedule(null, wake);
  };
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
    // oxlint-disable-next-line typescript/no-deprecated -- the only sign of an input method in all browsers
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
