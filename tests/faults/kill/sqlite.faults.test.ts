import { describe } from 'vitest';
import * as scenarios from './scenarios';
import { killTest } from './victim';

describe('the built server on SQLite, killed', () => {
  for (const { title, play, timeScale } of Object.values(scenarios))
    killTest(title, play, timeScale === undefined ? {} : { timeScale });
});
