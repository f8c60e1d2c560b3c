// Commits named files to IDBFS's database without FS.syncfs.
// syncfs walks every file and every record, deletes what another tab wrote, misses a rewrite in the
// same millisecond, lets a failed request commit half a transaction and cannot finish while a page
// goes away. This library keeps IDBFS's database, schema and populate, so that the files stay
// readable by plain IDBFS, and replaces the save: one transaction with the named files, explicit
// durability, tx.commit() in the turn of the call, and an answer that says what happened.
addToLibrary({
  $codeforgeIdb__deps: ['$FS', '$IDBFS', '$PATH', '$stringToNewUTF8', '$UTF8ToString', 'free'],
  $codeforgeIdb: {
    puts: [],
    deletes: [],
    // A transaction that neither completes nor aborts is given up on after this time.
    watchdogMs: 10000,

    errorText(error) {
      const name = (error && error.name) || '';
      const codes = {
        QuotaExceededError: 'quota', InvalidStateError: 'connection-lost', AbortError: 'aborted',
        VersionError: 'blocked', BlockedError: 'blocked', UnavailableError: 'unavailable', SecurityError: 'unavailable',
      };
      return (codes[name] || 'unknown') + ': ' + (name ? name + ' ' : '') + ((error && error.message) || String(error));
    },

    // Every way into WebAssembly from a callback: not after the instance died, and a trap is told.
    enter(fn) {
      if (Module['coreDead']) return;
      try {
        fn();
      } catch (error) {
        if (!Module['coreTrap']) throw error;
        Module['coreTrap'](error);
      }
    },

    withText(text, fn) {
      if (text === null) return fn(0);
      const pointer = stringToNewUTF8(text);
      try { fn(pointer); } finally { _free(pointer); }
    },

    // The connection that IDBFS keeps, looked after: it lets other tabs upgrade or delete, and is
    // forgotten when the browser closes it, so that the next use opens a new one.
    adopt(mountPath, db) {
      db.onversionchange = () => { db.close(); delete IDBFS.dbs[mountPath]; };
      db.onclose = () => { delete IDBFS.dbs[mountPath]; };
    },

    open(mountPath, done) {
      IDBFS.getDB(mountPath, (error, db) => {
        if (error) return done(error, null);
        codeforgeIdb.adopt(mountPath, db);
        done(null, db);
      });
    },

    commit(mountPath, puts, deletes, strict, lastTry, done) {
      codeforgeIdb.open(mountPath, (openError, db) => {
        if (openError) return done(openError);
        let transaction;
        try {
          transaction = db.transaction(['FILE_DATA'], 'readwrite', { durability: strict ? 'strict' : 'relaxed' });
        } catch (error) {
          // Site data were cleared, or the browser dropped the connection: once more on a new one.
          delete IDBFS.dbs[mountPath];
          if (lastTry) return done(error);
          return codeforgeIdb.commit(mountPath, puts, deletes, strict, true, done);
        }
        let over = false;
        const end = (error) => {
          if (over) return;
          over = true;
          clearTimeout(watchdog);
          done(error);
        };
        const watchdog = setTimeout(() => end(new Error('the transaction did not end in ' + codeforgeIdb.watchdogMs + ' ms')), codeforgeIdb.watchdogMs);
        transaction.oncomplete = () => end(null);
        transaction.onabort = () => end(transaction.error || new DOMException('transaction aborted', 'AbortError'));
        try {
          const store = transaction.objectStore('FILE_DATA');
          const timestamp = new Date();
          // Quoted: the link's minifier renames what is not, and these names are the database's schema.
          for (const [name, contents] of puts) store.put({ 'timestamp': timestamp, 'mode': 0o100666, 'contents': contents }, mountPath + '/' + name);
          for (const name of deletes) store.delete(mountPath + '/' + name);
          if (transaction.commit) transaction.commit();
        } catch (error) {
          try { transaction.abort(); } catch (alreadyOver) { /* it ends by itself */ }
          end(error);
        }
      });
    },

    // Gives every file of the mount to WebAssembly and frees IDBFS's copy. Nothing may ever call
    // FS.syncfs(false) on this mount: it would delete the records whose copies are gone.
    giveFiles(mountPath) {
      for (const name of FS.readdir(mountPath)) {
        if (name === '.' || name === '..') continue;
        const path = PATH.join2(mountPath, name);
        if (!FS.isFile(FS.stat(path).mode)) continue;
        const bytes = FS.readFile(path);
        const pointer = _malloc(bytes.length || 1);
        HEAPU8.set(bytes, pointer);
        codeforgeIdb.withText(name, (namePointer) => _codeforge_idb_file(namePointer, pointer, bytes.length));
        _free(pointer);
        FS.unlink(path);
      }
    },

    loaded(error) {
      codeforgeIdb.enter(() => codeforgeIdb.withText(error ? codeforgeIdb.errorText(error) : null, (text) => _codeforge_idb_loaded(text)));
    },
  },

  codeforge_guard__deps: ['$codeforgeIdb'],
  codeforge_guard: (entry) => codeforgeIdb.enter(() => {{{ makeDynCall('v', 'entry') }}}()),

  codeforge_idb_load__deps: ['$codeforgeIdb', 'malloc', 'free'],
  codeforge_idb_load: (mountPathPointer) => {
    const mountPath = UTF8ToString(mountPathPointer);
    if (typeof indexedDB === 'undefined') {
      const error = new Error('this environment has no IndexedDB');
      error.name = 'UnavailableError';
      setTimeout(() => codeforgeIdb.loaded(error), 0);
      return;
    }
    FS.mkdirTree(mountPath);
    const mount = FS.mount(IDBFS, {}, mountPath).mount;
    IDBFS.syncfs(mount, true, (error) => {
      if (error) return codeforgeIdb.loaded(error);
      // IDBFS opened the connection; adopt it before anything else happens to it.
      codeforgeIdb.adopt(mountPath, IDBFS.dbs[mountPath]);
      codeforgeIdb.enter(() => {
        codeforgeIdb.giveFiles(mountPath);
        codeforgeIdb.loaded(null);
      });
    });
  },

  codeforge_idb_put__deps: ['$codeforgeIdb'],
  codeforge_idb_put: (name, bytes, size) => {
    codeforgeIdb.puts.push([UTF8ToString(name), HEAPU8.slice(bytes, bytes + size)]);
  },

  codeforge_idb_delete__deps: ['$codeforgeIdb'],
  codeforge_idb_delete: (name) => {
    codeforgeIdb.deletes.push(UTF8ToString(name));
  },

  codeforge_idb_commit__deps: ['$codeforgeIdb'],
  codeforge_idb_commit: (mountPath, writeId, strict) => {
    const { puts, deletes } = codeforgeIdb;
    codeforgeIdb.puts = [];
    codeforgeIdb.deletes = [];
    const done = (error) => codeforgeIdb.enter(() =>
      codeforgeIdb.withText(error ? codeforgeIdb.errorText(error) : null, (text) => _codeforge_idb_written(writeId, text)));
    // Answers come from a callback, never from within this call: the core is still running.
    codeforgeIdb.commit(UTF8ToString(mountPath), puts, deletes, strict !== 0, false, (error) =>
      error ? setTimeout(() => done(error), 0) : done(null));
  },

  codeforge_idb_close__deps: ['$codeforgeIdb'],
  codeforge_idb_close: (mountPathPointer) => {
    const mountPath = UTF8ToString(mountPathPointer);
    const db = IDBFS.dbs[mountPath];
    if (db) db.close();
    delete IDBFS.dbs[mountPath];
  },
});
