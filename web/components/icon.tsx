// The icons: strokes on a 24 by 24 field in the colour of the text around them.
import type { ReactElement } from 'react';

const kPaths = {
  alert: 'M12 4 2.8 19.5h18.4ZM12 10v4M12 17v.1',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm9 6 6 6-6 6',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2',
  close: 'M6 6l12 12M18 6 6 18',
  cloud: 'M7 18.5a4.2 4.2 0 0 1-.6-8.4 5.8 5.8 0 0 1 11.2-.9 4.7 4.7 0 0 1-.3 9.3Z',
  cloudOff: 'M7 18.5a4.2 4.2 0 0 1-.6-8.4M9 6.6a5.8 5.8 0 0 1 8.6 2.6 4.7 4.7 0 0 1 2.6 7.2M17 18.5H7M3 3l18 18',
  database: 'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  device: 'M5 5.5h14v10H5ZM2.5 19h19',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  edit: 'M4 20l1-4L16 5l3 3L8 19Z',
  file: 'M6 3h8l4 4v14H6ZM14 3v4h4',
  gauge: 'M3 12h4l3-7 4 14 3-7h4',
  lock: 'M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  merge: 'M6 4v5c0 4 6 3 6 8v3M18 4v5c0 4-6 3-6 8M3.5 6.5 6 4l2.5 2.5M15.5 6.5 18 4l2.5 2.5',
  note: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 8v.1',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0ZM12 17v4',
  queue: 'M4 5h16v5H4ZM4 14h16v5H4ZM8 7.5h.1M8 16.5h.1',
  refresh: 'M20 11a8 8 0 0 0-14-4.5L3.5 9M4 13a8 8 0 0 0 14 4.5l2.5-2.5M3.5 4v5h5M20.5 20v-5h-5',
  server: 'M4 4h16v7H4ZM4 13h16v7H4ZM8 7.5h.1M8 16.5h.1',
  shield: 'M12 3l8 3v6c0 4.5-3.3 7.7-8 9-4.7-1.3-8-4.5-8-9V6Zm-3.5 9 2.5 2.5 4.5-5',
  trash: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13',
  tree: 'M4 4h8v5H4ZM12 12h8v4h-8ZM12 18h8v3h-8M7 9v10h5M7 14h5',
  undo: 'M8 5 3.5 9.5 8 14M4 9.5h10a5.5 5.5 0 0 1 0 11H9',
  upload: 'M12 15V4M7 9l5-5 5 5M5 20h14',
} as const;

export type IconName = keyof typeof kPaths;

/** A picture beside words; it says nothing to a screen reader. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg className="cf-icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={kPaths[name]} />
    </svg>
  );
}
