// Node ESM without React, without a bundler, without an option: two visits of one database.
import 'fake-indexeddb/auto';
import { visit } from './app.js';

const first = await visit();
const second = await visit();
const react = await import('codeforge-core/react').then(() => 'found', (error) => error.code);
console.log(JSON.stringify({ first, second, react }));
