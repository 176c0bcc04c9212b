import { createApi } from './api';
import { createLaterChanges } from './later-changes';
import { browserClock, randomId } from './ports';
import { Register } from './register.svelte';
import { browserRoads } from './scanner-roads';
import { createWebAudioSounds } from './sounds';
import { browserTabs } from './tabs';

/** Builds the register for the page: real clock, real ids, Web Audio, IndexedDB, `/api`. Nothing runs before `start()`. */
export function createRegister(): Register {
  const register: Register = new Register({
    api: createApi({ writer: () => register.writerStamp }),
    clock: browserClock(),
    newId: randomId,
    sounds: createWebAudioSounds(),
    databaseName: 'till',
    loadSync: async () => (await import('./sync.svelte')).openSync,
    tabs: browserTabs(),
    changes: createLaterChanges(async () => (await import('./change-stream-browser')).createChangeStream()),
    roads: browserRoads(),
    disk: navigator.storage
  });
  return register;
}
