import { Loader } from '@mantine/core';
import { CopyButton } from '~/components/copy-button';
import { readableText } from '~/lib/pretty-json';
import { byteSize, shortTime } from '~/lib/units';
import * as words from '~/words/api';
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
    <section className={classes.answer} aria-label={words.answer} aria-busy={running}>
      <div className={classes.status} role="status">
        {running && (
          <>
            <Loader size={13} color="gray" aria-hidden /> {words.running}
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
              label={words.answerAsJson}
              value={readableText(outcome.answer.body)}
            />
          </div>
        </>
      )}
      {!outcome && !running && <p className={classes.quiet}>{words.noAnswerYet}</p>}
    </section>
  );
}

function Facts({ answer }: { answer: Answer }) {
  const { status, problems, tookMs, bytes, cost, requestId, body } = answer;
  const good = problems.length === 0 && status < 400;
  return (
    <>
      <span className={classes.verdict} data-bad={!good || undefined}>
        {good ? words.ok : words.refused} <span className={classes.fact}>{`HTTP ${status}`}</span>
      </span>
      <span className={classes.fact}>{shortTime(tookMs)}</span>
      <span className={classes.fact}>{byteSize(bytes)}</span>
      {cost !== null && <span className={classes.fact}>{words.costOf(cost)}</span>}
      {requestId && (
        <span className={classes.fact}>
          {words.requestOf(<code>{requestId}</code>)}
          <CopyButton value={requestId} label={words.copyRequestId} />
        </span>
      )}
      <span className={classes.copyAnswer}>
        <CopyButton value={body} label={words.copyAnswer} />
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
    <div className={classes.problems} role="alert" aria-label={words.errors}>
      <ul>
        {problems.slice(0, PROBLEMS_MAX).map(({ message, code, at }) => (
          <li key={`${at?.line} ${at?.column} ${message}`}>
            {message} {code && <code className={classes.code}>{code}</code>}{' '}
            {at && (
              <button type="button" className={classes.place} onClick={() => onGoTo(at)}>
                {words.placeIn(at.line, at.column)}
              </button>
            )}
          </li>
        ))}
        {problems.length > PROBLEMS_MAX && (
          <li>{words.moreBelow(problems.length - PROBLEMS_MAX)}</li>
        )}
      </ul>
    </div>
  );
}
