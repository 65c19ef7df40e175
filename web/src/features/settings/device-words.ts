// What a browser says about itself, in words people know: `Chrome on Windows`.
import * as words from '~/words/settings';

const BROWSERS: [RegExp, string][] = [
  // Most name others too, to be taken for them; the more special comes first.
  [/\bEdgA?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export function deviceWords(userAgent: string | null): string {
  if (userAgent === null || userAgent.trim() === '') return words.unknownDevice;
  const find = (known: [RegExp, string][]) =>
    known.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser && system) return words.browserOn(browser, system);
  // A program says its name first.
  return browser ?? system ?? userAgent.split(/[\s/]/)[0] ?? userAgent;
}
