// Lists in an address are joined by commas, so that it stays short and can be typed.

export function listOf(joined: string | undefined): string[] {
  return joined === undefined ? [] : joined.split(',');
}

export function joinList(values: string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

/** Only known values, in their own order; `undefined` when none is left. */
export function keepKnown(value: unknown, known: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined;
  const wanted = new Set(listOf(value.toLowerCase()));
  return joinList(known.filter((each) => wanted.has(each)));
}

/** Ids from outside, which no list of known values covers; what cannot be one is dropped. */
export function keepIds(
  value: unknown,
  { idCharsMax = 100, idsMax = 20 } = {},
): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ids = listOf(value).filter((id) => id !== '' && id.length <= idCharsMax);
  return joinList([...new Set(ids)].slice(0, idsMax));
}

/** The values of an enum of the API are those of the address in capitals. */
export function enumValues<T extends string>(joined: string | undefined): T[] {
  return listOf(joined).map((each) => each.toUpperCase() as T);
}
