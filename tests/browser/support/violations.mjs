// What a content security policy forbids to a page is noted there, as every browser tells it.

/** From the next visit on. */
export const noteViolations = (page) => page.context().addInitScript(() => {
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => globalThis.violations.push(`${violatedDirective}: ${blockedURI} ${sample}`));
});

/** Since the page was loaded. */
export const violationsOf = (page) => page.evaluate(() => globalThis.violations);
