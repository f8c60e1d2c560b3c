// PouchDB's documents, for both of its adapters. They are kept in memory with their revision, which the next write must name.

export async function openDocuments(database) {
  const { rows } = await database.allDocs({ include_docs: true });
  const documents = new Map(rows.map(({ id, doc }) => [id, doc]));
  const writeMany = async (list) => {
    const answers = await database.bulkDocs(list);
    answers.forEach((answer, index) => {
      if (answer.error) throw new Error(`PouchDB refused ${answer.id}: ${answer.message}`);
      documents.set(answer.id, { ...list[index], _rev: answer.rev });
    });
  };
  return {
    saveAll: (items) => writeMany(items.map((item) => ({ ...item, _id: item.id }))),
    async change(id, changes) {
      const document = { ...documents.get(id), ...changes };
      const { rev } = await database.put(document);
      documents.set(id, { ...document, _rev: rev });
    },
    changeMany(list) {
      // A document that occurs twice in a burst is written once, as it is in the end.
      const last = new Map();
      for (const { id, changes } of list) last.set(id, { ...(last.get(id) ?? documents.get(id)), ...changes });
      return writeMany([...last.values()]);
    },
    get: (id) => documents.get(id),
    size: () => documents.size,
  };
}
