// Every text of the page. A catalogue is an object of the shape of `en`; what it lacks is taken
// from there. To add one: a folder beside `en`, and its line here.
import { en } from './en/index.js';

const CATALOGUES = { en };

/** The texts in the first of the reader's languages for which there are any. */
export const words = complete(chosen(), en);

function chosen() {
  const languages = navigator.languages.map((language) => language.split('-')[0]);
  return CATALOGUES[languages.find((language) => language in CATALOGUES) ?? 'en'];
}

/** `catalogue`, with what it lacks taken from `whole`. */
function complete(catalogue, whole) {
  const merged = { ...whole, ...catalogue };
  for (const [name, value] of Object.entries(whole)) {
    if (value?.constructor === Object && catalogue[name] && catalogue[name] !== value) merged[name] = complete(catalogue[name], value);
  }
  return merged;
}
