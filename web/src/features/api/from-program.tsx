import { CopyButton } from '~/components/copy-button';
import classes from './explorer-page.module.css';
import type { Draft } from './shared-link';
import { curlCommand, pythonProgram } from './snippets';

/** What is written at the left, as a program sends it. */
export function FromProgram({ draft }: { draft: Draft }) {
  const { origin } = window.location;
  return (
    <div className={classes.program}>
      <p className={classes.lead}>
        Here your session signs you in. A program sends an API key instead; a key belongs to one
        company and reads what its role may. Both examples take it from the environment variable{' '}
        <code>TRUNKLINE_API_KEY</code>: keep it out of the code.
      </p>
      <Snippet title="curl" text={curlCommand(draft, origin)} />
      <Snippet title="Python" text={pythonProgram(draft, origin)} />
      <p className={classes.lead}>
        Lists are read page by page: ask for <code>pageInfo</code> and pass its{' '}
        <code>endCursor</code> as <code>after</code>, as long as <code>hasNextPage</code> is true.
        Errors carry a stable <code>extensions.code</code> and the <code>requestId</code> that
        stands in the server’s log.
      </p>
    </div>
  );
}

function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <div className={classes.snippet}>
      <div className={classes.paneHead}>
        <h2 className={classes.paneTitle}>{title}</h2>
        <CopyButton value={text} what={`${title} example`} labelled />
      </div>
      <section
        className={classes.snippetText}
        aria-label={`${title} example`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        <pre>{text}</pre>
      </section>
    </div>
  );
}
