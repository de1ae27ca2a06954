// Where this instance lies: a proxy may have put it below a path of its host. This file is
// `admin/assets/<hash>/base.js` below that, so nobody needs to be told.

/** The address of the instance, without a slash at the end. */
export const base = new URL('../../..', import.meta.url).href.replace(/\/$/, '');
