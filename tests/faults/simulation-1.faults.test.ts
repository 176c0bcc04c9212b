import { simulateShard } from './simulate-seeds';

simulateShard(1);
