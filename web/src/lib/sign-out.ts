/** Ends the session and loads the page anew, so that nothing of it stays in memory. */
export async function signOut(): Promise<void> {
  const response = await fetch('/auth/sign-out', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'x-requested-with': 'trunkline' },
    body: '{}',
  });
  // A session that had already ended is as good as one ended now.
  if (response.ok || response.status === 401) window.location.assign('/signin');
}

/** The page for signing in, which leads back to where this is. */
export function signInAddress(): string {
  const next = window.location.pathname + window.location.search;
  return `/signin?next=${encodeURIComponent(next)}`;
}
