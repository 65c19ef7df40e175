/** Where to go after signing in: only a path on this site, never another origin. */
export function safeNextPath(next: string | undefined): string | null {
  if (!next?.startsWith('/')) return null;
  try {
    // Browsers read `//host` and `/\host` as another site; the parser settles what they mean.
    const url = new URL(next, window.location.origin);
    if (url.origin !== window.location.origin) return null;
    if (url.pathname.startsWith('/signin') || url.pathname.startsWith('/signup')) return null;
    return url.pathname + url.search + url.hash;
  } catch {
    return null;
  }
}

/** The company whose page a path is; decides nothing. */
export function companyOfPath(path: string | null): string | undefined {
  return /^\/c\/([^/?#]+)/.exec(path ?? '')?.[1];
}
