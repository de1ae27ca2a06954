/** Two people changed the same thing. */
export const conflict = {
  title: 'Somebody else saved first',
  lead: 'What you see as theirs is stored now. Keeping yours replaces it.',
  mine: 'Yours',
  theirs: 'Theirs',
  keepMine: 'Keep mine',
  takeTheirs: 'Take theirs',
};
