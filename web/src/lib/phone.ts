export interface PhoneNumber {
  raw: string;
  e164: string | null;
  national: string | null;
  country: string | null;
}

/** Short where it cannot be mistaken, international elsewhere; a word such as `blocked` stays a word. */
export function phoneText(number: PhoneNumber | null | undefined): string | null {
  if (!number) return null;
  const northAmerican = number.e164?.startsWith('+1') ?? false;
  if (northAmerican && number.national) return number.national;
  return number.e164 ?? number.national ?? (number.raw.trim() === '' ? null : number.raw);
}
