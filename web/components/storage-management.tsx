// Where the work is kept, how much room it takes, and how it gets elsewhere and back.
import type { ReactElement } from 'react';
import { EncryptionCard, type EncryptionCardProps } from './encryption-card.js';
import { Problems } from './problems.js';
import { BackupsCard } from './backups-card.js';
import { FileCard } from './file-card.js';
import { BackendCard, ContentsCard, MoveCard, PermissionCard, ServerCard, StandbyCard } from './storage-cards.js';

export interface StorageManagementProps extends EncryptionCardProps {
  className?: string;
}

/**
 * The backend in use with its room, the permission to keep it, what it holds, copies to and from the server
 * with counts, export, import and backups.
 *
 * @example
 * <StorageManagement />
 */
export function StorageManagement({ className = '', onEncrypt }: StorageManagementProps): ReactElement {
  return (
    <div className={`cf cf-page ${className}`}>
      <header className="cf-page-head"><div><h2>Storage</h2><p>Where your work is kept, and how to take it elsewhere.</p></div></header>
      <Problems />
      <div className="cf-columns">
        <BackendCard />
        <ContentsCard />
        <StandbyCard />
        <PermissionCard />
        <EncryptionCard onEncrypt={onEncrypt} />
        <MoveCard />
        <BackupsCard />
        <FileCard />
        <ServerCard />
      </div>
    </div>
  );
}
