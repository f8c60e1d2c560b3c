// A React program in strict TypeScript; it is only type-checked.
import { CoreProvider, useCoreSelector, useReduxFiles } from 'codeforge-core/react';
import type { Core } from 'codeforge-core';

function Files() {
  const { files, save } = useReduxFiles();
  const name: string | null = useCoreSelector((state) => state.files.activeFileId);
  return <ul title={name ?? ''}>{files.map((file) => <li key={file.id} onClick={() => void save(file)}>{file.name}</li>)}</ul>;
}

export const App = ({ core }: { core: Core }) => <CoreProvider core={core}><Files /></CoreProvider>;
