// RxDB with its free Dexie storage, for one tab and without validation. Its documents are the items in memory.
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

const kText = { type: 'string' };
const kSchema = {
  version: 0, primaryKey: 'id', type: 'object',
  properties: { id: { type: 'string', maxLength: 32 }, name: kText, path: kText, language: kText, content: kText, updatedAt: { type: 'number' } },
  required: ['id', 'name', 'path', 'language', 'content', 'updatedAt'],
};

export default {
  async open() {
    const database = await createRxDatabase({ name: 'rxdb', storage: getRxStorageDexie(), multiInstance: false });
    const { files } = await database.addCollections({ files: { schema: kSchema } });
    const documents = new Map((await files.find().exec()).map((document) => [document.primary, document]));
    const change = async (id, changes) => { documents.set(id, await documents.get(id).incrementalPatch(changes)); };
    return {
      async saveAll(items) {
        const { success, error } = await files.bulkInsert(items);
        if (error.length > 0) throw new Error(`RxDB refused ${error.length} items`);
        for (const document of success) documents.set(document.primary, document);
      },
      change,
      changeMany: (list) => Promise.all(list.map(({ id, changes }) => change(id, changes))),
      get: (id) => documents.get(id)?.getLatest(),
      size: () => documents.size,
    };
  },
};
