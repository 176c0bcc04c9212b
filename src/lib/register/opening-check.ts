/**
 * The opening check's rules: from what the till sees of itself and what the server says, to one word on each of the five
 * things that a day needs. A word is `good`, `look` (sales go on; somebody should know it) or `bad`.
 */
import type { Opening } from '$lib/wire/settings';
import type { DiskRoom } from './disk';
import type { ScannerRoad, ScannerState } from './scanner-types';

/** What was found, per thing; the screen has the words. */
export interface OpeningFindings {
  readonly gateway: 'asking' | 'good' | 'unreachable' | 'refused' | 'no_till';
  readonly clock: 'asking' | 'good' | 'tablet_off' | 'server_off' | 'no_till';
  readonly scanner: 'good' | 'keyboard' | 'waiting' | 'needs_you' | 'other_tab';
  readonly sound: 'good' | 'off';
  readonly storage: 'asking' | 'good' | 'not_kept' | 'low';
  /** How far the tablet's clock, or else the server's, is off; positive where it is ahead. Null where nothing is known. */
  readonly clockOffMs: number | null;
}

export type OpeningThing = Exclude<keyof OpeningFindings, 'clockOffMs'>;

/** In this order on the screen. */
const openingThings = [
  'gateway',
  'clock',
  'scanner',
  'sound',
  'storage'
] as const satisfies readonly OpeningThing[];

/** A receipt shows minutes: a clock is wrong from here on. */
const clockWorthAWordMs = 60_000;
/** Less room than this is used up by some weeks of selling. */
const littleRoomBytes = 50_000_000;

/** What the server said, and when it was heard by this tablet's clock. */
export interface HeardOpening {
  readonly opening: Opening;
  /** Milliseconds since 1970, by the tablet. */
  readonly heardAtMs: number;
}

/**
 * @param heard `asking` before an answer, null where none came
 * @param room null before the browser answered
 */
export function judgeOpening({
  heard,
  scanners,
  soundOn,
  room
}: {
  readonly heard: HeardOpening | 'asking' | null;
  readonly scanners: readonly { readonly road: ScannerRoad; readonly state: ScannerState }[];
  readonly soundOn: boolean;
  readonly room: DiskRoom | null;
}): OpeningFindings {
  return {
    ...gatewayAndClock(heard),
    scanner: scannerWord(scanners),
    sound: soundOn ? 'good' : 'off',
    storage: storageWord(room)
  };
}

/** One thing, and how bad what was found of it is. */
export interface OpeningGrade {
  readonly thing: OpeningThing;
  readonly grade: 'asking' | 'good' | 'look' | 'bad';
}

/** All of them, in the order of the screen. */
export function gradesOf(found: OpeningFindings): readonly OpeningGrade[] {
  return openingThings.map((thing) => ({ thing, grade: gradeOf(thing, found) }));
}

function gradeOf(thing: OpeningThing, found: OpeningFindings): OpeningGrade['grade'] {
  switch (found[thing]) {
    case 'asking':
      return 'asking';
    case 'good':
      return 'good';
    // nobody can ask a keyboard whether it is there, and a browser that promises nothing seldom clears anything
    case 'keyboard':
    case 'other_tab':
    case 'not_kept':
    case 'off':
      return 'look';
    default:
      return 'bad';
  }
}

function gatewayAndClock(
  heard: HeardOpening | 'asking' | null
): Pick<OpeningFindings, 'gateway' | 'clock' | 'clockOffMs'> {
  if (heard === 'asking') return { gateway: 'asking', clock: 'asking', clockOffMs: null };
  if (heard === null) return { gateway: 'no_till', clock: 'no_till', clockOffMs: null };
  const { opening, heardAtMs } = heard;
  const gateway = opening.gateway === 'ok' ? 'good' : opening.gateway;
  const tabletOffMs = heardAtMs - opening.nowMs;
  if (Math.abs(tabletOffMs) >= clockWorthAWordMs)
    return { gateway, clock: 'tablet_off', clockOffMs: tabletOffMs };
  const serverOffMs = -(opening.gatewayClockOffMs ?? 0);
  if (Math.abs(serverOffMs) >= clockWorthAWordMs)
    return { gateway, clock: 'server_off', clockOffMs: serverOffMs };
  return { gateway, clock: 'good', clockOffMs: tabletOffMs };
}

function scannerWord(
  scanners: readonly { readonly road: ScannerRoad; readonly state: ScannerState }[]
): OpeningFindings['scanner'] {
  const states = scanners.map(({ state }) => state.state);
  for (const trouble of ['needs_you', 'waiting', 'other_tab'] as const) {
    if (states.includes(trouble)) return trouble;
  }
  return scanners.some(({ road, state }) => road !== 'wedge' && state.state === 'ready')
    ? 'good'
    : 'keyboard';
}

function storageWord(room: DiskRoom | null): OpeningFindings['storage'] {
  if (room === null) return 'asking';
  if (room.freeBytes !== null && room.freeBytes < littleRoomBytes) return 'low';
  return room.persisted === false ? 'not_kept' : 'good';
}
