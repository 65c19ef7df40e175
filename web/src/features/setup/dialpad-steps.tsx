import { Tabs } from '@mantine/core';
import { CopyButton } from '~/components/copy-button';
import * as words from '~/words/setup';
import { createSubscriptionCommand, createWebhookCommand } from './dialpad-commands';
import classes from './setup-page.module.css';

interface DialpadStepsProps {
  endpoint: { requestUrl: string; secret: string | null };
}

export function DialpadSteps({ endpoint }: DialpadStepsProps) {
  return (
    <section className={classes.section} aria-labelledby="dialpad-title">
      <h2 className={classes.sectionTitle} id="dialpad-title">
        {words.stepsTitle}
      </h2>
      <div className={classes.card}>
        <Tabs defaultValue="dialpad" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="dialpad">{words.inDialpad}</Tabs.Tab>
            <Tabs.Tab value="api">{words.withApi}</Tabs.Tab>
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
      {words.numbered(number, children)}
      {number === 2 && <span className={classes.forgotten}>{words.oftenForgotten}</span>}
    </h3>
  );
}

function InDialpad() {
  return (
    <>
      <StepTitle number={1}>{words.createWebhook}</StepTitle>
      <ol className={classes.list}>
        <li>{words.openWebhooks}</li>
        <li>
          {words.pasteUrl((text) => (
            <strong>{text}</strong>
          ))}
        </li>
        <li>
          {words.pasteSecret((text) => (
            <strong>{text}</strong>
          ))}
        </li>
      </ol>
      <StepTitle number={2}>{words.createSubscription}</StepTitle>
      <ol className={classes.list}>
        <li>{words.chooseWebhook}</li>
        <li>
          {words.chooseStates((text) => (
            <strong>{text}</strong>
          ))}
        </li>
        <li>{words.leaveTargetEmpty}</li>
      </ol>
      <p className={classes.note} style={{ marginTop: 16 }}>
        {words.noWebhooksInPortal}
      </p>
    </>
  );
}

function WithTheApi({ endpoint }: DialpadStepsProps) {
  const secret = endpoint.secret ?? 'YOUR_SECRET';
  return (
    <>
      <p className={classes.note}>{words.needApiKey(<code>export DIALPAD_API_KEY=…</code>)}</p>
      <StepTitle number={1}>{words.createWebhook}</StepTitle>
      <Command
        title={words.answerHoldsId}
        copyLabel={words.copyWebhookCommand}
        shown={createWebhookCommand(endpoint.requestUrl, '••••••••')}
        copied={createWebhookCommand(endpoint.requestUrl, secret)}
      />
      <StepTitle number={2}>{words.createSubscription}</StepTitle>
      <Command
        title={words.exportWebhookId}
        copyLabel={words.copySubscriptionCommand}
        shown={createSubscriptionCommand()}
        copied={createSubscriptionCommand()}
      />
      <p className={classes.note} style={{ marginTop: 14 }}>
        {words.recordingScope(<code>recordings_export</code>)}
      </p>
    </>
  );
}

interface CommandProps {
  title: string;
  copyLabel: string;
  /** The secret is masked on screen; the copy holds the real one. */
  shown: string;
  copied: string;
}

function Command({ title, copyLabel, shown, copied }: CommandProps) {
  return (
    <div className={classes.code}>
      <div className={classes.codeBar}>
        <span>{title}</span>
        <CopyButton value={copied} label={copyLabel} />
      </div>
      <pre>{shown}</pre>
    </div>
  );
}
