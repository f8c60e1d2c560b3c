// Waiting for a condition, with a bound for what is broken.
const kPollMs = 50;

/**
 * Resolves with the first truthy result of `probe`. Fails after a generous bound, with the last error or result.
 * @param {string} what for the message
 */
export async function until(what, probe, withinMs = 30_000) {
  const end = Date.now() + withinMs;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    await new Promise((wake) => setTimeout(wake, kPollMs));
  }
}
