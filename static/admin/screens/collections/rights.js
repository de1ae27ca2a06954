import { useAllows } from '../../session.js';

/** A function that tells whether the user at work may change a definition; without one, make some. */
export function useMayChange() {
  const allows = useAllows();
  return (definition) => definition?.name !== 'users' && (definition?.can?.change ?? allows('system:collections:write'));
}

/** True if the user at work sees definitions whole: others are shown no rules and no indexes. */
export function useSeesWhole() {
  return useAllows()('system:collections:read');
}

/** A definition without what the answer says of its reader. */
export function bare({ can, ...definition }) {
  return definition;
}
