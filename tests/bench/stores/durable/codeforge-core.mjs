// This project in a page, with its defaults. Actions are dispatched one by one, as an editor does; flush() resolves when they are durable.
import { createCore, files } from '../../lib/product.mjs';

/** `options` of flush(), and `more` of createCore(). */
export async function openStore(options, more) {
  const core = await createCore({ name: 'bench', ...more });
  const edit = ({ id, changes }) => core.dispatch(files.updateItem({ id, ...changes }));
  return {
    saveAll(items) { core.dispatch(files.setItems(items)); return core.flush(options); },
    change(id, changes) { edit({ id, changes }); return core.flush(options); },
    changeMany(list) { list.forEach(edit); return core.flush(options); },
    get: (id) => core.read('files', id),
    size: () => core.getState().files.files.length,
    close: () => core.close(),
  };
}

export default { open: () => openStore() };
