// Remembers which company was looked at last, so that `/` leads back to it.
import { readStored, store } from './remembered';

const KEY = 'trunkline-last-company';

export const lastCompany = (): string | null => readStored(KEY);
export const rememberCompany = (slug: string): void => store(KEY, slug);
