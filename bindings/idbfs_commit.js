// Files of an IDBFS mount, loaded and saved without FS.syncfs.
// syncfs walks every file and every record, deletes what another tab wrote, misses a rewrite in the
// same millisecond, lets a failed request commit half a transaction and cannot finish while a page
// goes away. This library keeps IDBFS's mount, database and schema, so that the files stay readable
// by plain IDBFS. A load is one transaction with all its requests at once. A save is one transaction
// with the named files, explicit durability, tx.commit() in the turn of the call, and an answer that
// says what happened.
// The host may watch and change the files on their way: Module.coreFiles, see README.md.
addToLibrary({
  $codeforgeIdb__deps: ['$FS', '$MEMFS', '$IDBFS', '$stringToNewUTF8', '$UTF8ToString', 'free'],
  // When the glue begins: WebAssembly is not there yet.
  $codeforgeIdb__postset: 'codeforgeIdb.begin();',
  $codeforgeIdb: {
    puts: [],
    deletes: [],
    isMounted: false,
    // What begin() asked for: a promise of openOnce's answer, with the records if they were read.
    early: null,
    // A transaction that neither completes nor aborts is given up on after this time.
    watchdogMs: 10000,
    // How long an open may be kept waiting by another tab, and how long it may take at all: a busy machine with a slow
    // disk needs many seconds.
    blockedMs: 5000,
    openMs: 30000,
    // Pauses before the second and the third attempt to open.
    reopenMs: [100, 400],

    // "code: message". An error of the host's hooks brings a code of its own.
    errorText(error) {
      const name = (error && error.name) || '';
      // Quoted: the link's minifier renames what is not.
      const codes = {
        'QuotaExceededError': 'quota', 'InvalidStateError': 'connection-lost', 'AbortError': 'aborted', 'VersionError': 'newer',
        'BlockedError': 'blocked', 'TimeoutError': 'stuck', 'UnavailableError': 'unavailable', 'SecurityError': 'unavailable',
      };
      const own = error && typeof error['code'] == 'string' ? error['code'] : '';
      return (own || codes[name] || 'unknown') + ': ' + (name && !own ? name + ' ' : '') + ((error && error.message) || String(error));
    },

    // What the host wants to do with files, or nothing.
    hook(name) {
      const hooks = Module['coreFiles'];
      return hooks && hooks[name] && hooks[name].bind(hooks);
    },

    // Goes on with a value in this turn, with a promise's later.
    after(start, next, failed) {
      let value;
      try {
        value = start();
      } catch (error) {
        return failed(error);
      }
      if (value && value.then) value.then((result) => codeforgeIdb.enter(() => next(result)), failed);
      else next(value);
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

    // One attempt, in the schema of IDBFS. done(error, db, found): what an upgrade said of the past.
    openOnce(mountPath, done) {
      let found = { 'created': false, 'dataLoss': 'none' };
      let request;
      let over = false;
      const end = (error) => {
        if (over) return;
        over = true;
        clearTimeout(waiting);
        done(error, request && !error ? request.result : null, found);
      };
      const giveUp = (ms, name, message) => setTimeout(() => end(new DOMException(message, name)), ms);
      let waiting = giveUp(codeforgeIdb.openMs, 'TimeoutError', 'the database did not open in ' + codeforgeIdb.openMs + ' ms');
      try {
        request = indexedDB.open(mountPath, IDBFS.DB_VERSION);
      } catch (error) {
        return end(error);
      }
      // Another tab has to close the database first.
      request.onblocked = () => {
        clearTimeout(waiting);
        waiting = giveUp(codeforgeIdb.blockedMs, 'BlockedError', 'another tab keeps the database from opening');
      };
      request.onupgradeneeded = (event) => {
        found = { 'created': event.oldVersion === 0, 'dataLoss': event['dataLoss'] || 'none' };
        const db = request.result;
        const store = db.objectStoreNames.contains('FILE_DATA') ? request.transaction.objectStore('FILE_DATA') : db.createObjectStore('FILE_DATA');
        if (!store.indexNames.contains('timestamp')) store.createIndex('timestamp', 'timestamp', { unique: false });
      };
      request.onerror = (event) => {
        event.preventDefault();
        end(request.error);
      };
      request.onsuccess = () => over ? request.result.close() : end(null);
    },

    // In this turn when the connection is there. Else up to three attempts, since browsers fail the
    // first one after they closed a connection by themselves.
    open(mountPath, done, attempt = 0, openOnce = codeforgeIdb.openOnce) {
      const known = IDBFS.dbs[mountPath];
      if (known) return done(null, known, null);
      openOnce(mountPath, (error, db, found, records) => {
        const waitMs = codeforgeIdb.reopenMs[attempt];
        const isFinal = error && /^(Version|Security|Blocked|Timeout)Error$/.test(error.name);
        if (error && waitMs !== undefined && !isFinal) return setTimeout(() => codeforgeIdb.open(mountPath, done, attempt + 1), waitMs);
        if (error) return done(error, null, found);
        codeforgeIdb.adopt(mountPath, db);
        IDBFS.dbs[mountPath] = db;
        const opened = codeforgeIdb.hook('opened');
        if (opened) opened(mountPath, db, found);
        done(null, db, found, records);
      });
    },

    // Opens and reads beside the compilation of WebAssembly, once the host knows that nobody else writes. What fails here the load does again.
    begin() {
      const host = Module['coreEarly'];
      if (host) host['path'].then((mountPath) => {
        if (!mountPath || codeforgeIdb.isMounted) return;
        codeforgeIdb.early = new Promise((resolve) => codeforgeIdb.openOnce(mountPath, (error, db, found) => {
          const answer = (records) => resolve([error, db, found, records]);
          if (error || host['signal'].aborted) answer(null);
          else codeforgeIdb.read(db, (failure, records) => answer(records), () => answer(null));
        }));
      });
    },

    // As open(), by what begin() did: done(null, db, found, records), and no records where they may be out of date.
    openForLoad(mountPath, done) {
      const { early } = codeforgeIdb;
      codeforgeIdb.early = null;
      if (!early) return codeforgeIdb.open(mountPath, done);
      codeforgeIdb.open(mountPath, (error, db, found, records) => done(error, db, found, Module['coreEarly']['signal'].aborted ? null : records), 0,
        (path, answer) => early.then((given) => codeforgeIdb.enter(() => answer(...given))));
    },

    // One transaction on an open connection. done(null) after `complete`.
    transact(db, mountPath, write, done) {
      const { puts, deletes, strict } = write;
      const transaction = db.transaction(['FILE_DATA'], 'readwrite', { durability: strict ? 'strict' : 'relaxed' });
      let over = false;
      const end = (error) => {
        if (over) return;
        over = true;
        clearTimeout(watchdog);
        done(error);
      };
      const watchdog = setTimeout(() =>
        end(new DOMException('the transaction did not end in ' + codeforgeIdb.watchdogMs + ' ms', 'TimeoutError')), codeforgeIdb.watchdogMs);
      transaction.oncomplete = () => end(null);
      // Behind an explicit commit Firefox's transaction says only that it was aborted; the request that failed says why.
      let cause = null;
      transaction.onerror = (event) => { cause = cause || event.target.error; };
      transaction.onabort = () => {
        const told = transaction.error;
        end(told && told.name !== 'AbortError' ? told : cause || told || new DOMException('transaction aborted', 'AbortError'));
      };
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
    },

    commit(mountPath, write, done, lastTry) {
      codeforgeIdb.open(mountPath, (openError, db, found) => {
        if (openError) return done(openError);
        // The site's storage was cleared under an open store: the core writes everything again.
        if (found && found['created']) setTimeout(() => codeforgeIdb.enter(() => _codeforge_idb_emptied()), 0);
        const again = () => codeforgeIdb.commit(mountPath, write, done, true);
        try {
          codeforgeIdb.transact(db, mountPath, write, (error) => {
            if (!error || lastTry || error.name !== 'QuotaExceededError' || write.deletes.length === 0) return done(error);
            // Out of space: first what is obsolete goes, then the write has one more try.
            codeforgeIdb.commit(mountPath, { puts: [], deletes: write.deletes, strict: false }, again, true);
          });
        } catch (error) {
          // Site data were cleared, or the browser dropped the connection: once more on a new one.
          delete IDBFS.dbs[mountPath];
          if (lastTry) return done(error);
          again();
        }
      });
    },

    // Reads every record. done(error, [paths, records]). A page that stands still while it reads would keep every other tab from
    // writing: it gives up at `freeze`, and reads again (`again`) when it runs again. (Committing the transaction at once is no way:
    // it never ends in Chromium 156 if a value is large.) One request for each record: the browser reads the next one while this page
    // takes the last one apart, and getAll() of many values is several times slower in Chromium.
    read(db, done, again) {
      const repeat = again || (() => codeforgeIdb.read(db, done));
      const page = typeof document === 'undefined' ? null : document;
      const records = [];
      let transaction = null, keys = null, gaveUp = false;
      const freeze = () => {
        try {
          transaction.abort();
          gaveUp = true;
        } catch (alreadyOver) { /* it has all it asked for */ }
      };
      const end = (error) => {
        if (page) page.removeEventListener('freeze', freeze);
        if (transaction) transaction.onabort = transaction.oncomplete = null;
        if (gaveUp) repeat();
        else done(error, error ? null : [keys.result, records]);
      };
      // The host's promise of running again. Between `freeze` and standing still messages of other tabs may make a follower read.
      const still = Module['coreStill'];
      if (still) {
        Module['coreStill'] = null;
        return void still.then(repeat);
      }
      try {
        transaction = db.transaction(['FILE_DATA'], 'readonly');
        const store = transaction.objectStore('FILE_DATA');
        keys = store.getAllKeys();
        keys.onsuccess = () => keys.result.forEach((path, index, { length }) => {
          const request = store.get(path);
          request.onsuccess = () => {
            records[index] = request.result;
            // The transaction's end is milliseconds behind. Where other tabs write it is worth waiting for: what follows would keep it open.
            if (again && index + 1 === length) end(null);
          };
        });
        if (page) page.addEventListener('freeze', freeze);
        transaction.onabort = () => end(transaction.error || new DOMException('transaction aborted', 'AbortError'));
        transaction.oncomplete = () => end(null);
      } catch (error) {
        end(error);
      }
    },

    // Puts every file into the mount, which takes the arrays as they are.
    populate([paths, entries]) {
      paths.forEach((path, index) => {
        const entry = entries[index];
        if (FS.isFile(entry['mode'])) FS.writeFile(path, entry['contents'], { canOwn: true });
      });
    },

    // Takes every file out of the mount and gives it to WebAssembly. Nothing may ever call
    // FS.syncfs(false) on this mount: it would delete the records of the files that are gone.
    giveFiles(mountPath, done) {
      const files = Object.entries(FS.lookupPath(mountPath).node.contents).filter(([, node]) => FS.isFile(node.mode)).map(([name, node]) => {
        const bytes = MEMFS.getFileDataAsTypedArray(node);
        FS.unlink(mountPath + '/' + name);
        return [name, bytes];
      });
      const give = ([name, bytes]) => codeforgeIdb.withText(name, (text) => {
        const address = _codeforge_idb_file(text, bytes.length);
        HEAPU8.set(bytes, address);
      });
      const listed = codeforgeIdb.hook('listed');
      if (listed) listed(files.map(([name, bytes]) => [name, bytes.length]));
      const unseal = codeforgeIdb.hook('unseal');
      if (!unseal && files.some(([name]) => name === 'seal'))
        return done(Object.assign(new Error('the store is sealed; createCore needs its passphrase or key as `encryption`'), { 'code': 'sealed' }));
      codeforgeIdb.after(() => unseal ? unseal(files) : files, (unsealed) => {
        unsealed.forEach(give);
        done(null);
      }, done);
    },

    loaded(error) {
      codeforgeIdb.enter(() => codeforgeIdb.withText(error ? codeforgeIdb.errorText(error) : null, (text) => _codeforge_idb_loaded(text)));
    },
  },

  codeforge_guard__deps: ['$codeforgeIdb'],
  codeforge_guard: (entry) => codeforgeIdb.enter(() => {{{ makeDynCall('v', 'entry') }}}()),

  // A microtask: before anything else of the browser runs, also while a page goes away.
  codeforge_after_turn__deps: ['$codeforgeIdb'],
  codeforge_after_turn: (entry) => queueMicrotask(() => codeforgeIdb.enter(() => {{{ makeDynCall('v', 'entry') }}}())),

  codeforge_idb_load__deps: ['$codeforgeIdb'],
  codeforge_idb_load: (mountPathPointer) => {
    const mountPath = UTF8ToString(mountPathPointer);
    if (typeof indexedDB === 'undefined') {
      const error = new Error('this environment has no IndexedDB');
      error.name = 'UnavailableError';
      setTimeout(() => codeforgeIdb.loaded(error), 0);
      return;
    }
    // Whoever follows another tab loads more than once.
    if (!codeforgeIdb.isMounted) {
      FS.mkdirTree(mountPath);
      FS.mount(IDBFS, {}, mountPath);
      codeforgeIdb.isMounted = true;
    }
    const beforeLoad = codeforgeIdb.hook('beforeLoad');
    let unreadable = codeforgeIdb.hook('unreadable');
    // Once the host may throw away what the browser cannot read, and the store is loaded again.
    const failed = (error) => {
      const discard = unreadable;
      unreadable = null;
      if (discard && error.name === 'UnknownError') codeforgeIdb.after(() => discard(mountPath, error), load, codeforgeIdb.loaded);
      else codeforgeIdb.loaded(error);
    };
    const give = (error, records) => {
      if (error) return failed(error);
      codeforgeIdb.enter(() => {
        try {
          codeforgeIdb.populate(records);
        } catch (failure) {
          return failed(failure);
        }
        codeforgeIdb.giveFiles(mountPath, codeforgeIdb.loaded);
      });
    };
    const load = () => codeforgeIdb.openForLoad(mountPath, (error, db, found, records) => {
      if (error) return failed(error);
      const read = () => codeforgeIdb.read(db, give);
      if (beforeLoad) codeforgeIdb.after(() => beforeLoad(mountPath, db, found), read, codeforgeIdb.loaded);
      else if (records) give(null, records);
      else read();
    });
    load();
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
  codeforge_idb_commit: (mountPathPointer, writeId, strict) => {
    const { puts, deletes } = codeforgeIdb;
    codeforgeIdb.puts = [];
    codeforgeIdb.deletes = [];
    const mountPath = UTF8ToString(mountPathPointer);
    const seal = codeforgeIdb.hook('seal');
    const storing = codeforgeIdb.hook('storing');
    const stored = codeforgeIdb.hook('stored');
    // Answers come from a callback, never from within this call: the core is still running.
    const failed = (error) => setTimeout(() => answer(error), 0);
    const answer = (error) => codeforgeIdb.enter(() =>
      codeforgeIdb.withText(error ? codeforgeIdb.errorText(error) : null, (text) => _codeforge_idb_written(writeId, text)));
    codeforgeIdb.after(() => seal ? seal(puts, strict !== 0) : puts, (sealed) => {
      const write = { puts: sealed, deletes, strict: strict !== 0 };
      const told = { 'id': writeId, 'puts': sealed, 'deletes': deletes, 'strict': write.strict };
      codeforgeIdb.commit(mountPath, write, (error) => {
        if (error) return failed(error);
        answer(null);
        if (stored) stored(told);
      });
      if (storing) storing(told);
    }, failed);
  },

  codeforge_idb_close__deps: ['$codeforgeIdb'],
  codeforge_idb_close: (mountPathPointer) => {
    const mountPath = UTF8ToString(mountPathPointer);
    const db = IDBFS.dbs[mountPath];
    if (db) db.close();
    delete IDBFS.dbs[mountPath];
  },
});
