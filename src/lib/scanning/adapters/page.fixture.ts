/**
 * A page as far as keys are concerned: a window that hears an event first, the focused thing, and what the browser does
 * with a key that nobody prevented. For tests only.
 */
import { type KeydownFact } from '../keystroke';

/** Something that may have the focus. */
export class FakeNode extends EventTarget {
  readonly tagName: string = 'BUTTON';
  presses = 0;
}

/** An input field with a caret; `caret: null` is a field without one, such as a number. */
export class FakeField extends FakeNode {
  override readonly tagName = 'INPUT';
  readonly type: string;
  readonly told: string[] = [];
  submits = 0;
  value: string;
  selectionStart: number | null;
  selectionEnd: number | null;
  readonly selectionDirection = 'none';

  constructor({
    value,
    caret = value.length,
    type = 'text'
  }: {
    readonly value: string;
    readonly caret?: number | null;
    readonly type?: string;
  }) {
    super();
    this.value = value;
    this.type = type;
    this.selectionStart = this.selectionEnd = caret;
    this.addEventListener('input', () => this.told.push(this.value));
  }

  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }

  insert(text: string): void {
    const at = this.selectionStart ?? this.value.length;
    this.value = this.value.slice(0, at) + text + this.value.slice(this.selectionEnd ?? at);
    if (this.selectionStart !== null) this.selectionStart = this.selectionEnd = at + text.length;
  }
}

export class FakePage {
  readonly window = new EventTarget();
  readonly heardByPage: string[] = [];
  now = 1000;
  tabbed = 0;
  #focused: FakeNode = new FakeNode();
  #alarms: { readonly at: number; readonly ring: () => void }[] = [];

  readonly setTimer = (ring: () => void, delayMs: number): (() => void) => {
    const alarm = { at: this.now + delayMs, ring };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  };

  /** How many timers are set. */
  get timers(): number {
    return this.#alarms.length;
  }

  button(): FakeNode {
    return new FakeNode();
  }

  focus<Node extends FakeNode>(node: Node): Node {
    this.#focused = node;
    return node;
  }

  passTime(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.ring();
    }
    this.now = end;
  }

  /** Presses and releases a key at its time, and does what a browser does. */
  press(fact: KeydownFact): void {
    this.passTime(Math.max(0, fact.at - this.now));
    const { type, at, ...shape } = fact;
    const down = this.dispatch(event(type, at, shape));
    const button = this.#focused instanceof FakeField ? null : this.#focused;
    if (!down.defaultPrevented) this.#type(fact);
    const up = this.dispatch(event('keyup', at + 1, shape));
    if (fact.key === ' ' && button !== null && !up.defaultPrevented) button.presses += 1;
  }

  /** Keys that came in time while the page was busy: it hears of them only then, and of its timers before. */
  pressLate(facts: readonly KeydownFact[], { blockedMs }: { readonly blockedMs: number }): void {
    this.now += blockedMs;
    for (const fact of facts) {
      this.passTime(5);
      this.press(fact);
    }
  }

  /** Types a character as a phone's keyboard does: a key that says nothing, then the text. */
  pressOnPhone(character: string, gapMs: number): void {
    const at = this.now + gapMs;
    this.passTime(gapMs);
    const shape = { key: 'Unidentified', code: '', keyCode: 229 };
    this.dispatch(event('keydown', at, shape));
    if (this.#focused instanceof FakeField) this.#focused.insert(character);
    this.dispatch(event('input', at, { inputType: 'insertText', data: character }));
    this.dispatch(event('keyup', at, shape));
  }

  /** Types a character by its number with Alt held, as Windows does: it comes after Alt is up, and nothing prevents it. */
  pressByNumber(character: string, gapMs: number): void {
    this.#send('keydown', gapMs, { key: 'Alt', code: 'AltLeft', keyCode: 18, altKey: true });
    for (const digit of String(character.charCodeAt(0))) {
      const key = { key: digit, code: `Numpad${digit}`, keyCode: 96 + Number(digit), altKey: true };
      this.#send('keydown', gapMs, key);
      this.#send('keyup', 0, key);
    }
    this.#send('keyup', gapMs, { key: 'Alt', code: 'AltLeft', keyCode: 18 });
    this.#insert(character);
  }

  /** Types a character through an input method of the desktop: the key tells its position, and nothing prevents the text. */
  pressThroughMethod(character: string, gapMs: number): void {
    const key = { key: 'Process', code: `Digit${character}`, keyCode: 229 };
    this.#send('keydown', gapMs, key);
    this.#insert(character);
    this.#send('keyup', 0, key);
  }

  /** The window in its capture phase, then the focused thing. */
  dispatch(sent: Event): Event {
    let stopped = false;
    const stop = sent.stopImmediatePropagation.bind(sent);
    const focused = this.#focused;
    Object.defineProperties(sent, {
      composedPath: { value: () => [focused, this.window] },
      stopImmediatePropagation: {
        value: () => {
          stopped = true;
          stop();
        }
      }
    });
    this.window.dispatchEvent(sent);
    if (stopped) return sent;
    if (sent.type === 'keydown' && 'key' in sent) this.heardByPage.push(String(sent.key));
    focused.dispatchEvent(new Event(sent.type));
    return sent;
  }

  #send(type: string, gapMs: number, shape: Readonly<Record<string, unknown>>): void {
    this.passTime(gapMs);
    this.dispatch(
      event(type, this.now, { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...shape })
    );
  }

  #insert(text: string): void {
    if (!(this.#focused instanceof FakeField)) return;
    this.#focused.insert(text);
    this.dispatch(event('input', this.now, { inputType: 'insertText', data: text }));
  }

  #type({ key, at }: KeydownFact): void {
    const focused = this.#focused;
    if (key === 'Tab') this.tabbed += 1;
    else if (focused instanceof FakeField) {
      if (key === 'Enter') focused.submits += 1;
      if (key.length !== 1) return;
      focused.insert(key);
      this.dispatch(event('input', at, { inputType: 'insertText', data: key }));
    } else if (key === 'Enter') focused.presses += 1;
  }
}

function event(type: string, timeStamp: number, shape: Readonly<Record<string, unknown>>): Event {
  const made = new Event(type, { bubbles: true, cancelable: type !== 'input', composed: true });
  const fields = Object.entries({ ...shape, timeStamp });
  Object.defineProperties(made, Object.fromEntries(fields.map(([name, value]) => [name, { value }])));
  return made;
}
