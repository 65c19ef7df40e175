/** Only Dialpad's own secure pages become links; whatever else an event carries stays text. */
export function dialpadLink(text: string): string | null {
  try {
    const url = new URL(text);
    const trusted = url.hostname === 'dialpad.com' || url.hostname.endsWith('.dialpad.com');
    const plain = url.username === '' && url.password === '' && url.port === '';
    return url.protocol === 'https:' && trusted && plain ? url.href : null;
  } catch {
    return null;
  }
}
