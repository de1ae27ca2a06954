// What a browser says of itself, in words that its owner knows it by.

const BROWSERS = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Vivaldi\//, 'Vivaldi'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/HeadlessChrome\/|Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari'],
];

const SYSTEMS = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

/** `{ program, system }` of a `User-Agent`, each null where it does not say. */
export function readUserAgent(text) {
  const browser = named(BROWSERS, text);
  // Programs that are no browsers name themselves first: `curl/8.5.0`.
  return { program: browser ?? (text.split(/[\s/]/)[0] || null), system: named(SYSTEMS, text) };
}

function named(list, text) {
  return list.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
