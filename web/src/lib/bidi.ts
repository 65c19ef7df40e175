const CONTROLS = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** For text that is joined to other text: a name must not turn round the words beside it. */
export function withoutBidiControls(text: string): string {
  return text.replaceAll(CONTROLS, '');
}
