/** Who works at the desk: as the session says, never as a body says. */
export interface DeskStaff {
  readonly staffId: string;
  readonly staffName: string;
}
