// What is seen before the store is open, and when it cannot be opened.
import { PassphraseForm } from 'codeforge-core/components';
import { ForgeMark } from './forge-mark';

export function Opening() {
  return (
    <div className="opening" role="status">
      <div><ForgeMark size={24} /><span>Opening your workspace…</span><small className="late">If it is open in another tab, close it there.</small></div>
    </div>
  );
}

/** Goes on by itself: the other tab's end hands the workspace over. */
export function OpenElsewhere() {
  return (
    <div className="opening" role="status">
      <div>
        <ForgeMark size={24} />
        <h1>Open in another tab</h1>
        <p>This workspace is being edited in another tab. Go on there, or close it, and it opens here.</p>
      </div>
    </div>
  );
}

/** `code`: `sealed`, or `wrong-key` when the last passphrase was not the right one. */
export function OpenSealed({ code, onPassphrase }: { code: string; onPassphrase: (passphrase: string) => void }) {
  return (
    <main className="opening">
      <div>
        <ForgeMark size={24} />
        <h1>Your workspace is encrypted</h1>
        <p>Type its passphrase to open it on this device.</p>
        <PassphraseForm key={code} className="opening-form" action="Open" code={code} onPassphrase={onPassphrase} />
        <small>A passphrase that is lost cannot be made anew. To start over, clear this site’s data in the browser; the server keeps what it has.</small>
      </div>
    </main>
  );
}

export function OpeningFailed({ error }: { error: unknown }) {
  return (
    <div className="opening" role="alert">
      <div>
        <ForgeMark size={24} />
        <h1>Your workspace could not be opened</h1>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <p>Nothing has been deleted.</p>
        <button type="button" className="button primary" onClick={() => location.reload()}>Try again</button>
      </div>
    </div>
  );
}
