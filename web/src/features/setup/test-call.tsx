import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { SendTestCallDocument, type SendTestCallMutation } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { failureText } from '~/lib/request-failure';
import * as words from '~/words/setup';
import classes from './setup-page.module.css';

type TestResult = SendTestCallMutation['sendTestCall'];

export function TestCall() {
  const company = useCompany();
  const [{ data, error, fetching }, send] = useMutation(SendTestCallDocument);
  const result = data?.sendTestCall ?? null;
  return (
    <section className={classes.section} aria-labelledby="test-title">
      <h2 className={classes.sectionTitle} id="test-title">
        {words.testTitle}
      </h2>
      <div className={classes.card}>
        <div className={classes.row}>
          <p className={classes.note} style={{ flex: '1 1 260px' }}>
            {words.testLead}
          </p>
          <Button
            variant="default"
            loading={fetching}
            onClick={() => send({ input: { companyId: company.id } })}
          >
            {words.sendTestCall}
          </Button>
        </div>
        <div aria-live="polite">
          {error && <p className={classes.bad}>{failureText(error)}</p>}
          {result && <Result result={result} />}
        </div>
      </div>
    </section>
  );
}

function Result({ result }: { result: TestResult }) {
  const { slug } = useCompany();
  return (
    <>
      {result.userErrors.map((problem) => (
        <p key={problem.code} className={classes.bad}>
          {problem.message}
        </p>
      ))}
      {result.deliveries.length > 0 && (
        <table className={classes.deliveries}>
          <thead>
            <tr>
              <th scope="col">{words.event}</th>
              <th scope="col">{words.answer}</th>
              <th scope="col">{words.time}</th>
            </tr>
          </thead>
          <tbody>
            {result.deliveries.map((delivery, index) => (
              <tr key={`${index}|${delivery.state}`}>
                <td>{delivery.state}</td>
                <td className={isAccepted(delivery.status) ? classes.good : classes.bad}>
                  {answerOf(delivery.status)}
                </td>
                <td>{words.milliseconds(Math.round(delivery.latencyMs))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {result.call !== null && (
        <p className={classes.note} style={{ marginTop: 12 }}>
          <Link to="/c/$company/calls/$callId" params={{ company: slug, callId: result.call }}>
            {words.openTestCall}
          </Link>
        </p>
      )}
    </>
  );
}

function answerOf(status: number | null): string {
  if (status === null) return words.notReached;
  return isAccepted(status) ? words.acceptedAnswer(status) : words.refusedAnswer(status);
}

function isAccepted(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
