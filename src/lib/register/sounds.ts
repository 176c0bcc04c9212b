/**
 * The register's sounds, made by Web Audio: no files, and audible only after a tap allowed it.
 */
export type SoundName =
  'added' | 'unknown' | 'code_taken' | 'paid' | 'not_paid' | 'not_confirmed' | 'needs_you';

/** Sounds are a port: Web Audio in the page, a list in tests. */
export interface Sounds {
  /** False until a tap allowed sound: then the screen shows "Tap for sound". */
  readonly unlocked: boolean;
  /** Call it from a tap (the sign-in button will do). */
  unlock(): Promise<boolean>;
  play(name: SoundName): void;
}

interface Note {
  /** Hertz at the start, and at the end where it glides. */
  readonly from: number;
  readonly to?: number;
  readonly ms: number;
  readonly gain: number;
}

const low: Note = { from: 196, ms: 140, gain: 0.3 };
const level: Note = { from: 520, ms: 120, gain: 0.25 };

const tunes: Record<SoundName, readonly Note[]> = {
  added: [{ from: 1400, ms: 25, gain: 0.08 }],
  unknown: [low, low],
  code_taken: [{ from: 520, to: 780, ms: 120, gain: 0.2 }],
  // the loudest: it must be heard over a queue
  paid: [
    { from: 523, ms: 110, gain: 0.5 },
    { from: 659, ms: 110, gain: 0.5 },
    { from: 784, ms: 220, gain: 0.5 }
  ],
  not_paid: [
    { from: 440, ms: 160, gain: 0.35 },
    { from: 294, ms: 260, gain: 0.35 }
  ],
  not_confirmed: [level, level, level],
  needs_you: [level, level, level]
};

const gapMs = 40;

/** Sounds of the page. Where the browser has no Web Audio, it stays silent and locked. */
export function createWebAudioSounds(): Sounds {
  let context: AudioContext | null = null;
  return {
    get unlocked() {
      return context?.state === 'running';
    },
    async unlock() {
      try {
        context ??= new AudioContext();
        await context.resume();
      } catch {
        // no sound on this device is no reason to stop selling
        return false;
      }
      return context.state === 'running';
    },
    play(name) {
      if (context?.state !== 'running') return;
      let atS = context.currentTime;
      for (const note of tunes[name]) {
        playNote(context, note, atS);
        atS += (note.ms + gapMs) / 1000;
      }
    }
  };
}

function playNote(context: AudioContext, note: Note, atS: number): void {
  const endS = atS + note.ms / 1000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.setValueAtTime(note.from, atS);
  if (note.to !== undefined) oscillator.frequency.linearRampToValueAtTime(note.to, endS);
  // a hard edge clicks
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(note.gain, atS + 0.01);
  gain.gain.linearRampToValueAtTime(0, endS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(atS);
  oscillator.stop(endS);
}
