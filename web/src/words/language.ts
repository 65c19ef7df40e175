// The language of this catalogue, and counted things in it. How many forms there are is for the
// language to say, so a form is chosen by its rules and never by `count === 1`.

export const LANGUAGE = 'en';

/** Days and months are written as in Britain: the day first, and 24 hours. */
export const DATE_LANGUAGE = 'en-GB';

/** American English knows the names of the American time zones, British English those of Europe. */
export const AMERICAN_ZONES_LANGUAGE = 'en-US';

const rules = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(LANGUAGE);

const lists = new Intl.ListFormat(LANGUAGE);

type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** `12,345`. */
export function number(value: number): string {
  return numbers.format(value);
}

/** `Ada, Ben, and Cleo`. */
export function listed(names: string[]): string {
  return lists.format(names);
}

/** The form for a count, with the count where the form has its `#`. */
export function plural(count: number, forms: Forms): string {
  return (forms[rules.select(count)] ?? forms.other).replace('#', number(count));
}
