import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// A page may load late on a machine with much to do; what never comes still fails in time.
configure({ asyncUtilTimeout: 4_000 });

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

// jsdom has neither; the component kit asks for both.
Object.defineProperty(window, 'matchMedia', {
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    addListener: vi.fn(),
    removeListener: vi.fn(),
  }),
});
class NoResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizeObserver;
/** A connection that is never made: pages then ask again and again. Tests of live pages bring their own. */
class NoSocket {
  static readonly OPEN = 1;
  readyState = 0;
  close() {}
}
Object.defineProperty(globalThis, 'WebSocket', {
  value: NoSocket,
  configurable: true,
  writable: true,
});
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
// Nothing is laid out here, so no text is anywhere; the editor asks for it.
Range.prototype.getClientRects = () => document.createElement('div').getClientRects();
Element.prototype.setPointerCapture = () => {};
