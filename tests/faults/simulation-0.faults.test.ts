import { simulateShard } from './simulate-seeds';

simulateShard(0);
