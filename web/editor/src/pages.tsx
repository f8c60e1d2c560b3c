// The pages that belong to no section: what the components of codeforge-core show of conflicts, persistence and storage.
import { ConflictList, PersistenceDashboard, StorageManagement } from 'codeforge-core/components';
import { useCore } from 'codeforge-core/react';
import { Activity, HardDrive, TriangleAlert, type LucideIcon } from 'lucide-react';
import { encryptStore } from './boot';

export type PageName = 'conflicts' | 'persistence' | 'storage';

export interface Page {
  readonly name: PageName;
  readonly title: string;
  readonly icon: LucideIcon;
  /** `id`: what the address names within the page. */
  readonly view: (props: { id: string | null }) => React.ReactNode;
}

function StoragePage() {
  const core = useCore();
  return <StorageManagement onEncrypt={(encryption) => encryptStore(core, encryption)} />;
}

const reviewConflicts = (): void => { location.hash = '#/conflicts'; };

export const pages: readonly Page[] = [
  { name: 'conflicts', title: 'Conflicts', icon: TriangleAlert, view: ({ id }) => <ConflictList key={id} {...(id ? { openId: id } : {})} /> },
  { name: 'persistence', title: 'Persistence', icon: Activity, view: () => <PersistenceDashboard onReviewConflicts={reviewConflicts} /> },
  { name: 'storage', title: 'Storage', icon: HardDrive, view: () => <StoragePage /> },
];

export const isPage = (name: string | undefined): name is PageName => pages.some((page) => page.name === name);

export const pageOf = (name: PageName): Page => pages.find((page) => page.name === name)!;
