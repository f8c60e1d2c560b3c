// Whether the store of this device is encrypted, another passphrase, and on and off where the application can open it again.
import { useState, type ReactElement } from 'react';
import type { Encryption } from 'codeforge-core';
import { useCore, useCoreStatus } from 'codeforge-core/react';
import { countText } from './format.js';
import { Badge, Button, Card, Notice } from './parts.js';
import { PassphraseForm } from './passphrase-form.js';

export interface EncryptionCardProps {
  /** Closes the store and opens it with this: it is sealed then, or made plain with `unseal`. Without it the card only tells. */
  onEncrypt?: ((encryption: Encryption) => Promise<void>) | undefined;
}

export function EncryptionCard({ onEncrypt }: EncryptionCardProps): ReactElement | null {
  const core = useCore();
  const { storage } = useCoreStatus();
  const [asked, setAsked] = useState<'seal' | 'change' | 'unseal' | null>(null);
  const [done, setDone] = useState('');
  const { seal } = storage;
  if (storage.backend === 'memory' || (seal === null && !onEncrypt)) return null;
  const ask = (what: typeof asked): void => {
    setDone('');
    setAsked(what);
  };
  const cancel = (): void => setAsked(null);
  const change = async (passphrase: string): Promise<void> => {
    await core.storage.rekey({ passphrase });
    setAsked(null);
    setDone('The new passphrase is in force.');
  };
  return (
    <Card title="Encryption" icon="lock" aside={<Badge tone={seal ? 'good' : 'plain'}>{seal ? 'encrypted' : 'off'}</Badge>}>
      <p className="cf-soft">{seal ? 'What lies on this device can be read with the passphrase only. While it is open here, it is in the memory of this page.'
        : 'Whoever has this device and its user account can read what lies here. A passphrase changes that.'}</p>
      {seal && seal.rejected.length > 0 && <Notice tone="bad" title={`${countText(seal.rejected.length, 'file')} could not be opened`}><p>They were changed or damaged outside of this application.</p></Notice>}
      {asked === 'seal' && <PassphraseForm isNew action="Encrypt" onCancel={cancel} onPassphrase={(passphrase) => onEncrypt!({ passphrase })} />}
      {asked === 'change' && <PassphraseForm isNew action="Change it" onCancel={cancel} onPassphrase={change} />}
      {asked === 'unseal' && <PassphraseForm action="Stop encrypting" onCancel={cancel} onPassphrase={(passphrase) => onEncrypt!({ passphrase, unseal: true })} />}
      {asked === null && (
        <div className="cf-row">
          {seal === null ? <Button icon="lock" onClick={() => ask('seal')}>Encrypt this device…</Button> : <Button icon="edit" onClick={() => ask('change')}>Change the passphrase…</Button>}
          {seal !== null && onEncrypt && <Button kind="danger" onClick={() => ask('unseal')}>Stop encrypting…</Button>}
        </div>
      )}
      <p className="cf-faint" role="status">{done}</p>
    </Card>
  );
}
