// The npm module under test, by its main entry. The bench has a package.json of its own, so the name
// "codeforge-core" does not lead to it from here.
export * from '../../../web/dist/index.js';
