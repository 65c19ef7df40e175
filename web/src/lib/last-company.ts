// Remembers which company was looked at last, so that `/` leads back to it.
const KEY = 'trunkline-last-company';

export function lastCompany(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberCompany(slug: string): void {
  try {
    localStorage.setItem(KEY, slug);
  } catch {
    // Without storage the first company is opened instead.
  }
}
