import { CopyButton } from '~/components/copy-button';
import * as words from '~/words/api';
import classes from './explorer-page.module.css';
import type { Draft } from './shared-link';
import { curlCommand, pythonProgram } from './snippets';

/** What is written at the left, as a program sends it. */
export function FromProgram({ draft }: { draft: Draft }) {
  const { origin } = window.location;
  return (
    <div className={classes.program}>
      <p className={classes.lead}>{words.programLead(<code>TRUNKLINE_API_KEY</code>)}</p>
      <Snippet said={words.CURL} text={curlCommand(draft, origin)} />
      <Snippet said={words.PYTHON} text={pythonProgram(draft, origin)} />
      <p className={classes.lead}>
        {words.programPages((text) => (
          <code>{text}</code>
        ))}
      </p>
    </div>
  );
}

function Snippet({ said, text }: { said: words.SnippetWords; text: string }) {
  return (
    <div className={classes.snippet}>
      <div className={classes.paneHead}>
        <h2 className={classes.paneTitle}>{said.title}</h2>
        <CopyButton value={text} label={said.copy} labelled />
      </div>
      <section
        className={classes.snippetText}
        aria-label={said.name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        <pre>{text}</pre>
      </section>
    </div>
  );
}
