// Which language a file is in, by its extension; each parser is loaded when a file first needs it.
import type { Extension } from '@codemirror/state';

export const languageNames: Readonly<Record<string, string>> = {
  ts: 'typescript', tsx: 'typescript', mts: 'typescript', js: 'javascript', jsx: 'javascript', mjs: 'javascript', cjs: 'javascript',
  json: 'json', css: 'css', scss: 'css', html: 'html', htm: 'html', svg: 'html', md: 'markdown', txt: 'plaintext',
};

const extensionOf = (name: string): string => /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

export const languageByName = (name: string): string | undefined => languageNames[extensionOf(name)];

/** The extension decides; a name without one goes by the language that the item states. */
export async function loadLanguage(name: string, stated: string): Promise<Extension> {
  const extension = extensionOf(name);
  switch (languageNames[extension] ?? stated) {
    case 'typescript':
    case 'javascript': {
      const { javascript } = await import('@codemirror/lang-javascript');
      const isTyped = /^(m|c)?tsx?$/.test(extension) || (extension === '' && stated === 'typescript');
      return javascript({ typescript: isTyped, jsx: extension !== 'ts' });
    }
    case 'json':
      return (await import('@codemirror/lang-json')).json();
    case 'css':
      return (await import('@codemirror/lang-css')).css();
    case 'html':
      return (await import('@codemirror/lang-html')).html();
    default:
      return [];
  }
}
