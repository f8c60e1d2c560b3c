// PouchDB with its newer adapter for IndexedDB.
import PouchDB from 'pouchdb-browser';
import indexeddb from 'pouchdb-adapter-indexeddb';
import { openDocuments } from '../pouchdb-documents.mjs';

PouchDB.plugin(indexeddb);
export default { open: () => openDocuments(new PouchDB('pouchdb', { adapter: 'indexeddb' })) };
