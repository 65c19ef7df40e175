// The page that connects Dialpad.
import type { ReactNode } from 'react';
import type { RefusalReason } from '~/gql/documents';
import { number } from './language';

/** Emphasises a part of a sentence. */
type Strong = (text: string) => ReactNode;

// credentials-card
export const credentialsTitle = 'What Dialpad needs from you';
export const requestUrl = 'Request URL';
export const secret = 'Secret';
export const secretHidden = 'Only owners and admins of the company may see the secret.';
export const copyRequestUrl = 'Copy Request URL';
export const copySecret = 'Copy Secret';
export const hide = 'Hide';
export const reveal = 'Reveal';
export const hideSecret = 'Hide secret';
export const revealSecret = 'Reveal secret';

// dialpad-steps
export const stepsTitle = 'Where it goes';
export const inDialpad = 'In Dialpad';
export const withApi = 'With the API';
export const oftenForgotten = 'often forgotten';
export const createWebhook = 'Create a webhook';
export const openWebhooks =
  'Sign in to Dialpad’s admin portal as a company admin and open the webhooks.';
export const createSubscription = 'Create a call event subscription';
export const chooseWebhook =
  'Create a subscription for call events and choose the webhook from step 1.';
export const leaveTargetEmpty =
  'Leave the target empty to cover the whole company, or choose one office, department or call centre.';
export const noWebhooksInPortal =
  'If your plan shows no webhooks in the portal, use the API: it does the same.';
export const answerHoldsId = 'The answer holds the id of the webhook';
export const exportWebhookId = 'First: export WEBHOOK_ID=… with that id';
export const copyWebhookCommand = 'Copy webhook command';
export const copySubscriptionCommand = 'Copy subscription command';
export const numbered = (place: number, step: string) => `${place}. ${step}`;
export const pasteUrl = (strong: Strong) => (
  <>Create a webhook. Paste the {strong('Request URL')} as its URL.</>
);
export const pasteSecret = (strong: Strong) => (
  <>
    Paste the {strong('Secret')} as its secret. Dialpad then signs every event; unsigned events are
    refused here.
  </>
);
export const chooseStates = (strong: Strong) => (
  <>
    Choose {strong('all call states')} and leave it enabled. With fewer states calls stay
    incomplete.
  </>
);
export const needApiKey = (command: ReactNode) => (
  <>
    You need an API key issued for the company by a company admin. Keep it in your own terminal:{' '}
    {command}
  </>
);
export const recordingScope = (scope: ReactNode) => (
  <>
    Recording links in events need a key with the scope {scope}. Dialpad allows 10 company-wide
    subscriptions of a kind.
  </>
);

// overlap: what was replaced and counts for a while
export interface OverlapWords {
  name: string;
  until: (time: ReactNode) => ReactNode;
  endNow: string;
  endTitle: string;
  end: string;
  /** What is lost for whoever still uses it. */
  afterwards: string;
}
export const PREVIOUS_SECRET: OverlapWords = {
  name: 'The previous secret',
  until: (time) => <>The previous secret is accepted until {time}.</>,
  endNow: 'End now: the previous secret',
  endTitle: 'End the previous secret now?',
  end: 'End the previous secret',
  afterwards:
    'Whatever is still signed with it is refused from then on. Enter the new secret in Dialpad first.',
};
export const PREVIOUS_URL: OverlapWords = {
  name: 'The previous Request URL',
  until: (time) => <>The previous Request URL works until {time}.</>,
  endNow: 'End now: the previous Request URL',
  endTitle: 'End the previous Request URL now?',
  end: 'End the previous Request URL',
  afterwards:
    'Whatever is still sent to it is lost from then on. Enter the new Request URL in Dialpad first.',
};
export const unused = 'Nothing has come with it since the change.';
export const stillUsed = (age: ReactNode) => (
  <>Last used {age}: Dialpad does not know of the change everywhere yet.</>
);
export const endNow = 'End now';
export const endIsSafe =
  'Nothing has come with it since the change. This is safe as soon as Dialpad has the new one.';
export const lastUsed = (age: string) => `It was last used ${age}.`;

// recovered
export const examinedAgain = 'What had been refused was examined again.';
export const andMore = (count: number) => `and ${number(count)} more`;
export const seeDeliveries = 'See the deliveries';

// replace-secret
export const ownSecretTitle = 'Use your own secret';
export const ownSecretLead =
  'If Dialpad already has a secret, enter it here. What was refused so far is examined again with it at once. Events signed with the one it replaces are accepted for another 24 hours.';
export const ownSecret = 'Own secret';
export const ownSecretHint = 'Secret as entered in Dialpad';
export const replaceSecret = 'Replace secret';
export const replaced = 'Replaced.';

// rotate-url
export const replaceUrl = 'Replace the Request URL';
export const replaceUrlTitle = 'Replace the Request URL?';
export const makeNewUrl = 'Make a new Request URL';
export const replaceUrlEffect =
  'You get a new Request URL at once. The one of now works for another 7 days, so that you can change it in Dialpad without losing an event.';
export const replaceUrlUse =
  'This page shows when the old one was last used, and lets you end it sooner.';

// setup-page
export const eventRefused = 'Event refused';
export const waitingForEvent = 'Waiting for the first event';
export const pageTitle = 'Set-up';
export const noRequestUrlWhy = 'This company has no Request URL to send events to.';
export const noRequestUrl = 'No Request URL';
export const connectDialpad = 'Connect Dialpad';
export const lead =
  'Two steps in Dialpad: a webhook that knows where to send, and a subscription that says what to send. Without the second, nothing arrives.';
export const statusTitle = 'What we have received';
export const loading = 'Loading';

// status-panel
export const accepted = 'Accepted';
export const refused = 'Refused';
export const makeCall =
  'Make a call in Dialpad, or send a test call from this page. This page notices by itself.';
export const goToCalls = 'Go to your calls';
export const verified = 'Verified: the signature matches';
export const signature = 'Signature';
export const yourFirstCall = 'Your first call';
export const seeRefused = 'See what was refused';
export const done = 'Done';
export const failed = 'Failed';
export const waiting = 'Waiting';
export const later = 'Later';
export const receivedAt = (time: ReactNode) => <>Received {time}</>;
export const newestCall = (call: ReactNode) => <>Newest call: {call}</>;
export const callNamed = (call: ReactNode) => <>Call: {call}</>;
export const REFUSALS: Record<RefusalReason, { what: string; fix: string }> = {
  BAD_SIGNATURE: {
    what: 'The signature does not match.',
    fix: 'The secret in Dialpad is not the one shown here. Copy the Secret from this page into the webhook in Dialpad, or replace it here by the one Dialpad already has; what was refused is then taken in.',
  },
  UNSIGNED: {
    what: 'The event is not signed.',
    fix: 'The webhook in Dialpad has no secret. Copy the Secret from this page into it; Dialpad then signs every event.',
  },
  MALFORMED: {
    what: 'The body is not an event.',
    fix: 'Something other than a Dialpad call event was sent to the Request URL. Check that the webhook uses this exact URL and nothing in between changes the body.',
  },
};

// test-call
export const milliseconds = (count: number) => `${count} ms`;
export const acceptedAnswer = (status: number) => `${status} accepted`;
export const refusedAnswer = (status: number) => `${status} refused`;
export const testTitle = 'Try it without Dialpad';
export const testLead =
  'We sign the events of a made-up call with your secret and send them to your Request URL, the way Dialpad does.';
export const sendTestCall = 'Send a test call';
export const event = 'Event';
export const answer = 'Answer';
export const time = 'Time';
export const notReached = 'not reached';
export const openTestCall = 'Open the test call';
