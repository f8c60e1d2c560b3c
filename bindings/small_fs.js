// Leaves parts of Emscripten's file system out of the link that no call of ours reaches; nothing is replaced by other code.
// idbfs_commit.js mounts IDBFS, and writes, reads and unlinks files of MEMFS. Nobody opens a terminal, a device or
// a process's file, and syncfs must never run on the mount, since it would delete what the mount gave away.
{
  const { library } = LibraryManager;
  const leaveOut = (object, names) => {
    for (const name of names) {
      if (!(name in object)) warn(`small_fs.js: there is no ${name} to leave out any more`);
      delete object[name];
    }
  };
  const leaveEmpty = (object, names) => {
    leaveOut(object, names);
    for (const name of names) object[name] = () => {};
  };

  leaveOut(library.$IDBFS, [
    'queuePersist', 'syncfs', 'getDB', 'getLocalSet', 'getRemoteSet', 'loadLocalEntry', 'storeLocalEntry', 'removeLocalEntry', 'loadRemoteEntry',
    'storeRemoteEntry', 'removeRemoteEntry', 'reconcile',
  ]);
  // The option autoPersist would call syncfs.
  library.$IDBFS.mount = (mount) => MEMFS.mount(mount);
  leaveOut(library.$MEMFS.node_ops, ['rename', 'rmdir', 'readlink']);
  leaveOut(library.$MEMFS.stream_ops, ['mmap', 'msync']);
  leaveEmpty(library.$FS, ['createDefaultDirectories', 'createDefaultDevices', 'createSpecialDirectories']);
  leaveOut(library.$FS, ['createStandardStreams', 'init', 'quit', 'mmap', 'msync', 'createLazyFile', 'readFile', 'syncfs']);
  library.$FS__deps = library.$FS__deps.filter((name) => !['$TTY', '$randomFill', '$FS_createPreloadedFile'].includes(name));
  library.$FS__postset = () => {
    addAtPostCtor('FS.ignorePermissions = false;');
    return 'FS.staticInit();';
  };
  library.$MEMFS__deps = ['$FS'];
}
