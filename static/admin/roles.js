// The roles of this instance, for all screens that give or show them.
import { api } from './api.js';

const PATH = '/api/system/roles';

/** The path of one role. */
export const rolePath = (name) => `${PATH}/${encodeURIComponent(name)}`;

/** Where roles are made. */
export const ROLES = PATH;

/** All roles, by name. */
export async function allRoles(signal) {
  const items = [];
  for (let page = 1; ; page += 1) {
    const { data } = await api.get(PATH, { page, pageSize: 100 }, { signal });
    items.push(...data.items);
    if (!data.pagination.hasNextPage) return items;
  }
}
