// The page to try the API.
import type { ReactNode } from 'react';
import { number, plural } from './language';

// completion
export const reads = 'Reads';
export const changesSomething = 'Changes something';
export const fragmentInfo = 'Fields to use in several places';
export const typeName = 'The name of the type.';
export const fragment = 'Fragment';

// explorer-page
export const schema = 'Schema';
export const fromProgram = 'From a program';
export const runMutationTitle = 'Run a mutation?';
export const runMutation = 'Run mutation';
export const thisMutation = 'This mutation';

// query-pane
export const cancel = 'Cancel';
export const run = 'Run';
export const unreadableLink = 'This link holds no query that can be read. It may have been cut.';
export const query = 'Query';
export const variables = 'Variables';

// ready-list
export const readyQueries = 'Ready queries';

// reference-search
export const types = 'Types';
export const interfaces = 'Interfaces';
export const inputs = 'Inputs';
export const enums = 'Enums';
export const scalars = 'Scalars';

// run-request
export const nothingSaid = 'The server did not say what is wrong.';
export const variablesNoObject = 'The variables are not a JSON object.';
export const variablesNotJson = (text: string) => `The variables are not JSON: ${text}`;

// schema-reference
export const searchSchema = 'Search the schema';
export const searchHint = 'Type, field or word';
export const nothingAboutThis = 'Nothing in the schema is about this.';
export const argumentsOf = (name: string) => `Arguments of ${name}`;

// shared-link
export const linkTooLarge = 'The link holds more than a request may.';

// use-run
export const unreachable = 'The server cannot be reached.';
export const noQuery = 'There is no query to run yet.';
export const typeCount = (count: number) => plural(count, { one: '# type', other: '# types' });
export const onlyForThisType = 'only for this type';

// page-header
export const api = 'API';
export const copyAddress = 'Copy address of the API';

// answer-pane
export const answer = 'Answer';
export const running = 'Running…';
export const answerAsJson = 'Answer as JSON';
export const noAnswerYet = 'Run the query, or choose a ready one above, to see its answer here.';
export const ok = 'OK';
export const refused = 'Refused';
export const costOf = (cost: number) => `cost ${number(cost)}`;
export const requestOf = (id: ReactNode) => <>request {id}</>;
export const copyRequestId = 'Copy request id';
export const copyAnswer = 'Copy answer';
export const errors = 'Errors';
export const placeIn = (line: number, column: number) => `line ${line}, column ${column}`;
export const moreBelow = (count: number) => `${number(count)} more below.`;

// explorer-page
export const mutationChanges = (mutation: ReactNode, company: ReactNode) => (
  <>
    {mutation} changes something in {company}, in your name. Run it only if you know what it does.
  </>
);

// from-program
export interface SnippetWords {
  title: string;
  name: string;
  copy: string;
}
export const CURL: SnippetWords = {
  title: 'curl',
  name: 'curl example',
  copy: 'Copy curl example',
};
export const PYTHON: SnippetWords = {
  title: 'Python',
  name: 'Python example',
  copy: 'Copy Python example',
};
export const programLead = (variable: ReactNode) => (
  <>
    Here your session signs you in. A program sends an API key instead; a key belongs to one company
    and reads what its role may. Both examples take it from the environment variable {variable}:
    keep it out of the code.
  </>
);
export const programPages = (code: (text: string) => ReactNode) => (
  <>
    Lists are read page by page: ask for {code('pageInfo')} and pass its {code('endCursor')} as{' '}
    {code('after')}, as long as {code('hasNextPage')} is true. Errors carry a stable{' '}
    {code('extensions.code')} and the {code('requestId')} that stands in the server’s log.
  </>
);
