// What runs in the page; bundled with one store.
import adapter from 'bench-store';
import { firstVisit, nextVisit } from '../lib/durable-workloads.mjs';

globalThis.bench = {
  first: async () => (await firstVisit(adapter)).figures,
  next: async () => (await nextVisit(adapter)).figures,
};
