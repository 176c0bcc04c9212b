/**
 * Finds scans among the keys of a page. Pure: it is told every key and the time, and answers what to do about it.
 *
 *   keys ──► run ──► proven by speed ──────────► scan, at its Enter or Tab, or when the keys stop
 *              │        (the rest is swallowed)
 *              ├──► ended, and of a known form ─► scan
 *              └──► otherwise ──────────────────► somebody typed
 */
import {
  altCharacter,
  plainCharacter,
  readKeydown,
  type Character,
  type KeyFact,
  type KeydownFact
} from './keystroke';
import { createScan, type Scan } from './scan';
import { createRunJudge, patientGapMs, type Run, type RunPart, type WedgeContext } from './wedge-run';
import { type WedgeSettings } from './wedge-settings';

/** A run that ended like a scan but came too slowly, for a screen that explains it. It carries no text. */
export interface MissedScan {
  readonly length: number;
  /** Longest time from one character to the next, in milliseconds. */
  readonly paceMs: number;
}

/** What to do about a key. The steps are to be taken in this order. */
export interface WedgeOutcome {
  /** Put the field's value back as it was remembered under this name: what was typed since then is a scan. */
  readonly restore: RunPart | null;
  /** Remember the field and its value: a run begins, and a scan with it (`run`), or a scan may begin inside it (`scan`). */
  readonly remember: RunPart | null;
  /** Keep the key from the page. */
  readonly swallow: boolean;
  /** Finished scans, oldest first. */
  readonly scans: readonly Scan[];
  readonly missed: MissedScan | null;
  /** When to call `tick`, by the same clock; null when nothing is under way. */
  readonly wakeAt: number | null;
}

/** A decoder of one keyboard wedge; see {@link createWedgeDecoder}. */
export interface WedgeDecoder {
  /** Takes one key, in the order of arrival. */
  readonly take: (fact: KeyFact, context: WedgeContext) => WedgeOutcome;
  /** Tells the time, so that a scan without a terminator ends. */
  readonly tick: (at: number) => WedgeOutcome;
}

/**
 * Makes a decoder.
 *
 * @param isKnown  whether the shop's own codes have this text; helps to choose the reading and to trust a slow scanner.
 */
export function createWedgeDecoder({
  settings,
  isKnown = () => false
}: {
  readonly settings: WedgeSettings;
  readonly isKnown?: (text: string) => boolean;
}): WedgeDecoder {
  const judge = createRunJudge({ settings, isKnown });
  let run: Run | null = null;
  let altDigits = '';
  let inputFollows = false;
  // A scanner may send CR and LF, or its Enter late: both belong to the scan that is already delivered.
  let terminatorsUntil = -Infinity;
  let answer = quiet();

  function take(fact: KeyFact, context: WedgeContext): WedgeOutcome {
    answer = quiet();
    closeWhenOver(fact.at);
    if (fact.type === 'keydown') takeKeydown(fact, context);
    else if (fact.type === 'keyup') takeKeyup(fact.key, fact.at, context);
    else takeInput(fact.text, fact.at, context);
    return answered();
  }

  function tick(at: number): WedgeOutcome {
    answer = quiet();
    if (run !== null && at - run.lastAt > judge.silenceMs(run)) close(false);
    return answered();
  }

  function takeKeydown(fact: KeydownFact, context: WedgeContext): void {
    // A held key repeats as fast as a scanner types. Where every key is taken, so are its repeats.
    if (fact.repeat) {
      answer.swallow = run !== null && (run.proven || takesAll(context));
      return;
    }
    const stroke = readKeydown(fact);
    if (stroke.means !== 'modifier') inputFollows = stroke.means === 'opaque';
    switch (stroke.means) {
      case 'modifier':
        return;
      case 'opaque':
        answer.remember = beginning(fact.at);
        return;
      case 'other':
        close(false);
        // No scanner types it: somebody has the keyboard, and an Enter or Tab from now on is theirs.
        terminatorsUntil = -Infinity;
        return;
      case 'terminator':
        answer.swallow = fact.at <= terminatorsUntil;
        if (run !== null) answer.swallow = endsScan(run) || answer.swallow;
        return;
      case 'alt_digit':
        altDigits += stroke.digit;
        if (run !== null) run.lastAt = fact.at;
        return;
      case 'character':
        // As the first key it is somebody's shortcut, unless the scanner is programmed to begin with it.
        if (stroke.control && run === null && stroke.character.byKey !== settings.prefix.charAt(0)) return;
        add({ character: stroke.character, at: fact.at, context });
    }
  }

  function takeKeyup(key: string, at: number, context: WedgeContext): void {
    if (key !== 'Alt') return;
    const character = altCharacter(altDigits);
    altDigits = '';
    if (character !== null) add({ character, at, context });
  }

  function takeInput(text: string, at: number, context: WedgeContext): void {
    // With a real key before it, the text is that key's and already taken. But no key that is kept from the page keeps away
    // what was typed by its number, or what an input method makes of it: that comes all the same.
    if (!inputFollows) {
      takeOutOfField();
      return;
    }
    const [first, ...rest] = [...text];
    if (first !== undefined) addTyped({ typed: first, at, context });
    // Text that comes at once says nothing about speed: a keyboard's word suggestion does too.
    for (const typed of rest) addTyped({ typed, at, context, gapMs: patientGapMs });
    // The field was remembered at the key before; the browser has typed by now, so it has to be taken out each time.
    answer.remember = null;
    takeOutOfField();
  }

  function takeOutOfField(): void {
    if (run !== null && run.proven && run.context.inField) answer.restore = 'scan';
  }

  function addTyped({
    typed,
    ...rest
  }: {
    readonly typed: string;
    readonly at: number;
    readonly context: WedgeContext;
    readonly gapMs?: number;
  }): void {
    if (typed === '\n' || typed === '\r') close(true);
    else add({ character: plainCharacter(typed), ...rest });
  }

  function add({
    character,
    at,
    context,
    gapMs
  }: {
    readonly character: Character;
    readonly at: number;
    readonly context: WedgeContext;
    readonly gapMs?: number;
  }): void {
    // The focus moved: what goes to another place is another run.
    if (run !== null && !run.proven && run.context.inField !== context.inField) close(false);
    const begins = run === null;
    answer.remember = beginning(at);
    run ??= { context, characters: [], gaps: [], beginsAt: 0, lastAt: at, proven: false };
    if (answer.remember === 'scan') run.beginsAt = run.characters.length;
    run.characters.push(character);
    run.gaps.push(gapMs ?? Math.max(0, at - run.lastAt));
    run.lastAt = at;
    if (!run.proven && judge.isProven(run)) {
      run.proven = true;
      if (run.context.inField) answer.restore = 'scan';
    }
    // A Space alone presses the focused button, as its user wants; one inside a scan must not.
    const isSpace = character.byKey === ' ';
    const taken = isSpace ? !begins && !context.inField : takesAll(run.context);
    answer.swallow = run.proven || taken;
    // The rest of a scan that a long pause has cut.
    if (at <= terminatorsUntil) terminatorsUntil = at + patientGapMs;
  }

  /** What a character at this time begins. */
  function beginning(at: number): RunPart | null {
    if (run === null) return 'run';
    return !run.proven && judge.mayBegin({ run, gapMs: at - run.lastAt }) ? 'scan' : null;
  }

  /** Closes the run at its Enter or Tab, and says whether to keep that key from the page. */
  function endsScan(ending: Run): boolean {
    // Nobody types so much at a button and then presses it: a scan that was not understood must not press it either.
    const typedAtNothing = !ending.context.inField && ending.characters.length >= judge.minLength;
    return close(true) || ending.proven || typedAtNothing || takesAll(ending.context);
  }

  function closeWhenOver(at: number): void {
    if (run !== null && at - run.lastAt > judge.patienceMs(run)) close(false);
  }

  /** Ends the run; true if it was a scan. */
  function close(terminated: boolean): boolean {
    if (run === null) return false;
    const ended = run;
    run = null;
    altDigits = '';
    const scan = judge.verdict({ run: ended, terminated });
    if (scan === null) {
      if (terminated && !ended.context.inField && ended.characters.length >= judge.minLength) {
        answer.missed = { length: ended.characters.length, paceMs: Math.max(...ended.gaps) };
      }
      return false;
    }
    answer.scans.push(createScan({ text: scan.text, source: 'wedge', at: ended.lastAt }));
    // A proven scan was taken out of the field while it came.
    if (ended.context.inField && !(ended.proven && scan.part === 'scan')) answer.restore = scan.part;
    terminatorsUntil = ended.lastAt + patientGapMs * (terminated ? 1 : 2);
    return true;
  }

  function answered(): WedgeOutcome {
    return { ...answer, wakeAt: run === null ? null : run.lastAt + judge.silenceMs(run) + 1 };
  }

  return { take, tick };
}

function takesAll({ expecting, inField }: WedgeContext): boolean {
  return expecting && !inField;
}

function quiet(): {
  restore: RunPart | null;
  remember: RunPart | null;
  swallow: boolean;
  scans: Scan[];
  missed: MissedScan | null;
} {
  return { restore: null, remember: null, swallow: false, scans: [], missed: null };
}
