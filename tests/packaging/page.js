// What each browser project starts: the page says what it saw, or why it failed.
import { visit } from './app.js';

visit(globalThis.visitOptions).then(
  (seen) => { document.body.dataset.seen = JSON.stringify(seen); },
  (error) => { document.body.dataset.failed = String(error?.stack ?? error); },
);
