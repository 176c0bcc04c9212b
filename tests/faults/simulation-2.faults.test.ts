import { simulateShard } from './simulate-seeds';

simulateShard(2);
