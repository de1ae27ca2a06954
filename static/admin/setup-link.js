const FORM = /^#setup=(.+)$/;

/**
 * The token of a setup link (`/admin/#setup=<token>`), or null. It is a secret: it leaves the
 * address bar and the history at once, and is kept nowhere but in memory.
 */
export function takeSetupToken() {
  const found = FORM.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return found[1];
  }
}
