// Nothing to show, and why.
import type { ReactNode } from 'react';

export const notFoundTitle = 'Not found';
export const nothingHere = 'Nothing here';
export const leadsToNothing =
  'This address leads to nothing you can see. It may be mistyped, or belong to a company you are not a member of.';
export const goToCalls = 'Go to your calls';
export const mayNotSeeTitle = 'You may not see this';
export const roleExcludesPage = (company: ReactNode) => (
  <>Your role in {company} does not include this page. An owner or admin can change that.</>
);
export const unreachable = 'The server cannot be reached.';
export const mayNotSee = 'You may not see this.';
export const loadingFailed = 'Loading failed.';
export const failedRequest = (id: ReactNode) => <>Request {id}</>;
export const retry = 'Retry';
export const errorTitle = 'Error';
export const pageNotLoaded = 'This page could not be loaded';
export const unexpectedAnswer = 'The server did not answer as expected.';
export const unexpectedAnswerTo = (id: string) =>
  `The server did not answer as expected. Request ${id}.`;
