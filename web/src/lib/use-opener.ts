import { useRef } from 'react';

/**
 * For dialogs that are loaded when they are asked for: the kit gives the focus back only to what had it
 * while the dialog was there already.
 */
export function useOpener() {
  const opener = useRef<Element | null>(null);
  return {
    remember: () => {
      opener.current = document.activeElement;
    },
    giveBack: () => {
      // As long as the dialog is there it keeps the focus.
      window.requestAnimationFrame(() => {
        if (opener.current instanceof HTMLElement) opener.current.focus();
      });
    },
  };
}
