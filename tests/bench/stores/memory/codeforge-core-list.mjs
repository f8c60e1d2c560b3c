// This project read as a Redux state: the subscriber takes the item from the array in getState(), which is made anew then.
import { itemsOf, openCore } from './codeforge-core.mjs';

export default {
  async open() {
    const core = await openCore('files');
    const position = new Map();
    const get = (id) => {
      const { files } = core.getState().files;
      const known = position.get(id);
      if (files[known]?.id === id) return files[known];
      files.forEach((item, index) => position.set(item.id, index));
      return files[position.get(id)];
    };
    return itemsOf(core, get);
  },
};
