// Where this instance lies: a proxy may have put it below a path of its host. The script is
// `admin/assets/<hash>/<name>.js` below that, so nobody needs to be told.

/** The address of the instance, without a slash at the end. */
export const base = new URL('../../..', import.meta.url).href.replace(/\/$/, '');

/** The sprite of all icons. */
export const sprite = new URL('icons.svg', import.meta.url).href;
