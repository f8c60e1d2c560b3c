// The core of a React tree.
import { createContext, createElement, useContext, type ReactElement, type ReactNode } from 'react';
import type { Core } from 'codeforge-core';

const CoreContext = createContext<Core | null>(null);

export interface CoreProviderProps {
  core: Core;
  children?: ReactNode;
}

export function CoreProvider({ core, children }: CoreProviderProps): ReactElement {
  return createElement(CoreContext.Provider, { value: core }, children);
}

export function useCore(): Core {
  const core = useContext(CoreContext);
  if (core === null) throw new Error('useCore: there is no <CoreProvider core={…}> above this component');
  return core;
}
