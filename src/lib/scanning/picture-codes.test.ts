import { describe, expect, it } from 'vitest';
import { createPictureCodes } from './picture-codes';

describe('codes in the pictures of a camera', () => {
  it('are read once until they leave the picture, and a flicker is not leaving', () => {
    const codes = createPictureCodes();
    expect(codes.look({ names: ['a'], at: 0 })).toEqual(['a']);
    for (const at of [100, 200, 1200, 2200]) expect(codes.look({ names: ['a'], at })).toEqual([]);
    expect(codes.look({ names: [], at: 2300 })).toEqual([]);
    expect(codes.look({ names: ['a'], at: 3201 })).toEqual(['a']);
  });

  it('are each read where there are several, and twice in one picture is once', () => {
    const codes = createPictureCodes();
    expect(codes.look({ names: ['a', 'b', 'a'], at: 0 })).toEqual(['a', 'b']);
    expect(codes.look({ names: ['b', 'c'], at: 100 })).toEqual(['c']);
    expect(codes.look({ names: ['a'], at: 150 })).toEqual([]);
  });

  it('are read anew after the camera was off', () => {
    const codes = createPictureCodes();
    codes.look({ names: ['a'], at: 0 });
    codes.clear();
    expect(codes.look({ names: ['a'], at: 1 })).toEqual(['a']);
  });
});
