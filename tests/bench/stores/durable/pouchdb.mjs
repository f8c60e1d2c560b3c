// PouchDB with the adapter that it takes by itself (idb).
import PouchDB from 'pouchdb-browser';
import { openDocuments } from '../pouchdb-documents.mjs';

export default { open: () => openDocuments(new PouchDB('pouchdb')) };
