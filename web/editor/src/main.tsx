// Starts the editor: opens the store, then draws.
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-500.css';
import 'codeforge-core/components.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/editors.css';
import './styles/trees.css';
import './styles/workflows.css';
import './styles/narrow.css';
import './styles/components.css';
import { CoreProvider } from 'codeforge-core/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followAppearance } from './theme/appearance';
import { boot } from './boot';
import { App } from './app';
import { OpenElsewhere, Opening, OpeningFailed, OpenSealed } from './shell/opening';

const root = createRoot(document.getElementById('root')!);
root.render(<Opening />);

try {
  const { core, isAddressFixed } = await boot({
    onWait: () => root.render(<OpenElsewhere />),
    askPassphrase: (code, attempt) => new Promise((resolve) => root.render(<OpenSealed key={attempt} code={code} onPassphrase={(passphrase) => {
      root.render(<Opening />);
      resolve(passphrase);
    }} />)),
  });
  followAppearance(core);
  // For the console of whoever builds on this: codeforge.getState(), codeforge.status(), codeforge.dispatch(...).
  Object.assign(window, { codeforge: core });
  root.render(
    <StrictMode>
      <CoreProvider core={core}>
        <App isAddressFixed={isAddressFixed} />
      </CoreProvider>
    </StrictMode>,
  );
} catch (error) {
  root.render(<OpeningFailed error={error} />);
}
