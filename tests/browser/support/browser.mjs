// The browser of this run: Chromium, or what the environment variable BROWSER names.
import * as chromium from './chromium.mjs';
import * as firefox from './firefox.mjs';

const kBrowsers = { chromium, firefox };

/** `chromium` or `firefox`. */
export const browserName = process.env.BROWSER || 'chromium';
if (!kBrowsers[browserName]) throw new Error(`BROWSER=${browserName} is none of ${Object.keys(kBrowsers).join(', ')}`);

/** A profile of that browser. */
export const { Profile } = kBrowsers[browserName];

/** The one of the values that is for this browser. */
export const forBrowser = (values) => values[browserName];
