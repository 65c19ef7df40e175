import { Loader } from '@mantine/core';
import { CopyButton } from '~/components/copy-button';
import { readableText } from '~/lib/pretty-json';
import { byteSize, shortTime } from '~/lib/units';
import { CodeEditor } from './code-editor';
import classes from './explorer-page.module.css';
import type { Answer, Problem } from './run-request';
import type { Outcome } from './use-run';

interface AnswerPaneProps {
  outcome: Outcome | null;
  running: boolean;
  onGoTo: (place: { line: number; column: number }) => void;
}

export function AnswerPane({ outcome, running, onGoTo }: AnswerPaneProps) {
  return (
    <section className={classes.answer} aria-label="Answer" aria-busy={running}>
      <div className={classes.status} role="status">
        {running && (
          <>
            <Loader size={13} color="gray" aria-hidden /> Running…
          </>
        )}
        {!running && outcome && 'answer' in outcome && <Facts answer={outcome.answer} />}
      </div>
      {outcome && 'failure' in outcome && (
        <p className={classes.problem} role="alert">
          {outcome.failure}
        </p>
      )}
      {outcome && 'answer' in outcome && (
        <>
          {outcome.answer.problems.length > 0 && (
            <ProblemList problems={outcome.answer.problems} onGoTo={onGoTo} />
          )}
          <div className={classes.answerText}>
            <CodeEditor
              language="json"
              label="Answer as JSON"
              value={readableText(outcome.answer.body)}
            />
          </div>
        </>
      )}
      {!outcome && !running && (
        <p className={classes.quiet}>
          Run the query, or choose a ready one above, to see its answer here.
        </p>
      )}
    </section>
  );
}

function Facts({ answer }: { answer: Answer }) {
  const { status, problems, tookMs, bytes, cost, requestId, body } = answer;
  const good = problems.length === 0 && status < 400;
  return (
    <>
      <span className={classes.verdict} data-bad={!good || undefined}>
        {good ? 'OK' : 'Refused'} <span className={classes.fact}>HTTP {status}</span>
      </span>
      <span className={classes.fact}>{shortTime(tookMs)}</span>
      <span className={classes.fact}>{byteSize(bytes)}</span>
      {cost !== null && <span className={classes.fact}>cost {cost.toLocaleString('en')}</span>}
      {requestId && (
        <span className={classes.fact}>
          request <code>{requestId}</code>
          <CopyButton value={requestId} what="request id" />
        </span>
      )}
      <span className={classes.copyAnswer}>
        <CopyButton value={body} what="answer" />
      </span>
    </>
  );
}

const PROBLEMS_MAX = 5;

interface ProblemListProps {
  problems: Problem[];
  onGoTo: AnswerPaneProps['onGoTo'];
}

function ProblemList({ problems, onGoTo }: ProblemListProps) {
  return (
    <div className={classes.problems} role="alert" aria-label="Errors">
      <ul>
        {problems.slice(0, PROBLEMS_MAX).map(({ message, code, at }) => (
          <li key={`${at?.line} ${at?.column} ${message}`}>
            {message} {code && <code className={classes.code}>{code}</code>}{' '}
            {at && (
              <button type="button" className={classes.place} onClick={() => onGoTo(at)}>
                line {at.line}, column {at.column}
              </button>
            )}
          </li>
        ))}
        {problems.length > PROBLEMS_MAX && <li>{problems.length - PROBLEMS_MAX} more below.</li>}
      </ul>
    </div>
  );
}
