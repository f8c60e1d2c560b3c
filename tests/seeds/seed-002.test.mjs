// Seed 002: the persistence middleware, its metrics, auto-sync and dashboard.
import { testPersistence } from './persistence-snippets.mjs';

testPersistence('002');
