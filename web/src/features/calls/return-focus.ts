// Who leaves a call by keyboard comes back to its row. By mouse the list is left alone: a focused
// row would hold back new calls.
import { useEffect } from 'react';

let wanted: string | null = null;

export function returnFocusTo(callId: string): void {
  wanted = callId;
}

export function useReturnFocus(rowsAreThere: boolean): void {
  useEffect(() => {
    if (!rowsAreThere || wanted === null) return;
    const link = document.querySelector<HTMLElement>(`[data-call-link="${CSS.escape(wanted)}"]`);
    link?.focus({ preventScroll: true });
    wanted = null;
  }, [rowsAreThere]);
}
