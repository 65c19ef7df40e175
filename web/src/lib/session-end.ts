// Things that hold data of the signed-in person register here, so that the signed-out pages can
// drop it without loading the code that fetched it.
const forgetters = new Set<() => void>();

export function onSessionEnd(forget: () => void): void {
  forgetters.add(forget);
}

export function forgetSession(): void {
  for (const forget of forgetters) forget();
}
