import { simulateShard } from './simulate-seeds';

simulateShard(3);
