/** Colours of tiles' edges: far enough apart, and none of those that mean a payment's state. */
export const tileColours = [
  '#8B6B4A',
  '#C98A2B',
  '#2F7F86',
  '#B4573F',
  '#5E8C3A',
  '#6A6F8F',
  '#A0527D',
  '#3F6FA8',
  '#7A7A2F',
  '#8A867B'
] as const;
