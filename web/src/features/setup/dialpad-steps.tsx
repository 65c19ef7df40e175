import { Tabs } from '@mantine/core';
import { CopyButton } from '~/components/copy-button';
import { createSubscriptionCommand, createWebhookCommand } from './dialpad-commands';
import classes from './setup-page.module.css';

interface DialpadStepsProps {
  endpoint: { requestUrl: string; secret: string | null };
}

export function DialpadSteps({ endpoint }: DialpadStepsProps) {
  return (
    <section className={classes.section} aria-labelledby="dialpad-title">
      <h2 className={classes.sectionTitle} id="dialpad-title">
        Where it goes
      </h2>
      <div className={classes.card}>
        <Tabs defaultValue="dialpad" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="dialpad">In Dialpad</Tabs.Tab>
            <Tabs.Tab value="api">With the API</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="dialpad">
            <InDialpad />
          </Tabs.Panel>
          <Tabs.Panel value="api">
            <WithTheApi endpoint={endpoint} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </section>
  );
}

function StepTitle({ number, children }: { number: number; children: string }) {
  return (
    <h3 className={classes.stepTitle}>
      {number}. {children}
      {number === 2 && <span className={classes.forgotten}>often forgotten</span>}
    </h3>
  );
}

function InDialpad() {
  return (
    <>
      <StepTitle number={1}>Create a webhook</StepTitle>
      <ol className={classes.list}>
        <li>Sign in to Dialpad’s admin portal as a company admin and open the webhooks.</li>
        <li>
          Create a webhook. Paste the <strong>Request URL</strong> as its URL.
        </li>
        <li>
          Paste the <strong>Secret</strong> as its secret. Dialpad then signs every event; unsigned
          events are refused here.
        </li>
      </ol>
      <StepTitle number={2}>Create a call event subscription</StepTitle>
      <ol className={classes.list}>
        <li>Create a subscription for call events and choose the webhook from step 1.</li>
        <li>
          Choose <strong>all call states</strong> and leave it enabled. With fewer states calls stay
          incomplete.
        </li>
        <li>
          Leave the target empty to cover the whole company, or choose one office, department or
          call centre.
        </li>
      </ol>
      <p className={classes.note} style={{ marginTop: 16 }}>
        If your plan shows no webhooks in the portal, use the API: it does the same.
      </p>
    </>
  );
}

function WithTheApi({ endpoint }: DialpadStepsProps) {
  const secret = endpoint.secret ?? 'YOUR_SECRET';
  return (
    <>
      <p className={classes.note}>
        You need an API key issued for the company by a company admin. Keep it in your own terminal:{' '}
        <code>export DIALPAD_API_KEY=…</code>
      </p>
      <StepTitle number={1}>Create a webhook</StepTitle>
      <Command
        title="The answer holds the id of the webhook"
        what="webhook command"
        shown={createWebhookCommand(endpoint.requestUrl, '••••••••')}
        copied={createWebhookCommand(endpoint.requestUrl, secret)}
      />
      <StepTitle number={2}>Create a call event subscription</StepTitle>
      <Command
        title="First: export WEBHOOK_ID=… with that id"
        what="subscription command"
        shown={createSubscriptionCommand()}
        copied={createSubscriptionCommand()}
      />
      <p className={classes.note} style={{ marginTop: 14 }}>
        Recording links in events need a key with the scope <code>recordings_export</code>. Dialpad
        allows 10 company-wide subscriptions of a kind.
      </p>
    </>
  );
}

interface CommandProps {
  title: string;
  what: string;
  /** The secret is masked on screen; the copy holds the real one. */
  shown: string;
  copied: string;
}

function Command({ title, what, shown, copied }: CommandProps) {
  return (
    <div className={classes.code}>
      <div className={classes.codeBar}>
        <span>{title}</span>
        <CopyButton value={copied} what={what} />
      </div>
      <pre>{shown}</pre>
    </div>
  );
}
