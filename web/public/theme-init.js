// Runs before the first paint. It is a file and not inline, because the policy allows no inline script.
(() => {
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch {
    // Storage can be switched off; the system's scheme is then used.
  }
  const dark =
    scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');

  // The component kit writes style text through a sink that Trusted Types guards. Style text passes;
  // anything that could be markup is refused, which rules out script injection through innerHTML.
  if (window.trustedTypes?.createPolicy) {
    window.trustedTypes.createPolicy('default', {
      createHTML: (text) => (text.includes('<') ? null : text),
    });
  }
})();
