// The core of a React tree.
import { createContext, createElement, useContext, type ReactElement, type ReactNode } from 'react';
import type { Core } from 'codeforge-core';

const CoreContext = createContext<Core | null>(null);
let fallback: Core | null = null;

/** Of CoreProvider. */
export interface CoreProviderProps {
  core: Core;
  children?: ReactNode;
}

/**
 * Gives the core to the hooks below it.
 *
 * @example
 * <CoreProvider core={core}><p>the app</p></CoreProvider>
 */
export function CoreProvider({ core, children }: CoreProviderProps): ReactElement {
  return createElement(CoreContext.Provider, { value: core }, children);
}

/**
 * The core of components that stand below no CoreProvider; `codeforge-core/compat` sets its own store here.
 *
 * @example
 * setDefaultCore(core);
 * setDefaultCore(null);
 */
export function setDefaultCore(core: Core | null): void {
  fallback = core;
}

/**
 * The core of the provider above. Throws an Error where there is none.
 *
 * @example
 * const name = useCore().read('files', 'a')?.name;
 */
export function useCore(): Core {
  const core = useContext(CoreContext) ?? fallback;
  if (core === null) throw new Error('useCore: there is no <CoreProvider core={…}> above this component');
  return core;
}
