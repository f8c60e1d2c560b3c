// Redux Toolkit with redux-persist on localForage (IndexedDB): each flush writes the whole slice as JSON.
import { combineReducers, configureStore, createEntityAdapter, createSlice } from '@reduxjs/toolkit';
import localforage from 'localforage';
import { persistReducer, persistStore } from 'redux-persist';

const entities = createEntityAdapter();
const files = createSlice({
  name: 'files',
  initialState: entities.getInitialState(),
  reducers: { loaded: entities.setAll, changed: entities.updateOne, manyChanged: entities.updateMany },
});
const { loaded, changed, manyChanged } = files.actions;

export default {
  async open() {
    localforage.config({ driver: localforage.INDEXEDDB, name: 'redux-persist' });
    const reducer = persistReducer({ key: 'bench', storage: localforage }, combineReducers({ files: files.reducer }));
    const store = configureStore({ reducer });
    const persistor = await new Promise((resolve) => {
      const started = persistStore(store, null, () => queueMicrotask(() => resolve(started)));
    });
    const saved = (action) => { store.dispatch(action); return persistor.flush(); };
    return {
      saveAll: (items) => saved(loaded(items)),
      change: (id, changes) => saved(changed({ id, changes })),
      changeMany: (list) => saved(manyChanged(list)),
      get: (id) => store.getState().files.entities[id],
      size: () => store.getState().files.ids.length,
    };
  },
};
