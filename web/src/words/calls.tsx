// The list of calls, its search and its chart.
import type { ReactNode } from 'react';
import type { BucketUnit } from '~/gql/documents';
import { number, plural } from './language';

/** A count that is not exact is the least there are. */
export const callCount = (count: number, exact = true) =>
  exact ? plural(count, { one: '# call', other: '# calls' }) : `${number(count)}+ calls`;
export const conversationCount = (count: number, exact: boolean) =>
  exact
    ? plural(count, { one: '# conversation', other: '# conversations' })
    : `${number(count)}+ conversations`;
export const matching = (count: string) => `${count} matching`;
export const newCalls = (count: number) =>
  plural(count, { one: '# new call', other: '# new calls' });
export const newConversations = (count: number) =>
  plural(count, { one: '# new conversation', other: '# new conversations' });
export const suggestionCount = (count: number) =>
  plural(count, { one: '# suggestion', other: '# suggestions' });
export const newestFirst = (timeZone: string) => `Calls, newest first, times in ${timeZone}`;
export const oldestFirst = (timeZone: string) => `Calls, oldest first, times in ${timeZone}`;
export const linkCopied = 'Copied the link';
export const callIdCopied = 'Copied the call id';

// call-words
export const PARTY_TYPES: Record<string, string> = {
  user: 'Person',
  office: 'Office',
  department: 'Department',
  callcenter: 'Call centre',
  coachingteam: 'Coaching team',
  coachinggroup: 'Coaching group',
  callrouter: 'Call router',
  room: 'Room',
  staff: 'Staff group',
  staffgroup: 'Staff group',
  channel: 'Channel',
  shared: 'Shared contact',
  local: 'Local contact',
  google: 'Google contact',
  microsoft: 'Microsoft contact',
};

// volume-head, histogram-bars
export const PER_UNIT: Record<BucketUnit, string> = {
  MINUTE: 'Per minute',
  QUARTER_HOUR: 'Per 15 minutes',
  HOUR: 'Per hour',
  SIX_HOURS: 'Per 6 hours',
  DAY: 'Per day',
  WEEK: 'Per week',
  MONTH: 'Per month',
};
/** Goes on after one of these. */
export const inTimeZone = (timeZone: string) => `in ${timeZone}`;
export const PART_COUNTS = {
  answered: (count: number) => `${number(count)} answered`,
  missed: (count: number) => `${number(count)} missed or abandoned`,
  voicemail: (count: number) => `${number(count)} voicemail`,
  other: (count: number) => `${number(count)} other`,
};
/** `11 calls: 8 answered, 3 missed or abandoned` */
export const callsInParts = (calls: string, parts: string) => `${calls}: ${parts}`;
export const volumeCaption = (timeZone: string) => `Calls over time, times in ${timeZone}`;

// copy-link-menu
export const copyLink = 'Copy link';
export const copyLinkHint = 'Shows what is new when it is opened';
export const copyFrozenLink = 'Copy frozen link';
export const copyFrozenLinkHint = 'Ends now, and stays so';

// search-problem, waiting
export const removeIt = 'Remove it';
export const removeWrong = (wrong: ReactNode) => <>Remove {wrong}</>;
export const stillSearching = 'Still searching…';
export const searchCancelled = 'The search was cancelled.';
/** Before a button that does it. */
export const shorterMayBeQuicker = 'A shorter time may be quicker:';
export const cancel = 'Cancel';
export const searchAgain = 'Search again';

// use-calls-keys: other words people look for a command by
export const rangeKeywords = 'time range day last';
export const filterKeywords = 'filter';

// call-cells
export const noNumber = 'No number';
export const unknown = 'unknown';
export const neverConnected = 'Never connected: the whole length of the attempt';
export const recorded = 'Recorded';
export const voicemail = 'Voicemail';
export const transferred = 'Transferred';

// call-list-row
export const rowActionsOf = (call: string) => `Filter by, copy: ${call}`;

// call-list
export const time = 'Time';
export const actions = 'Actions';

// calls-header
export const calls = 'Calls';
export const conversations = 'Conversations';
export const whatRowIs = 'What a row is';
export const exportCalls = 'Export';
export const exportKey = 'Export (e)';

// column-picker
export const columns = 'Columns';
export const asTheyWere = 'As they were';

// columns
export const direction = 'Direction';
export const customer = 'Customer';
export const personOrQueue = 'Person or queue';
export const ourNumber = 'Our number';
export const outcome = 'Outcome';
export const rang = 'Rang';
export const talked = 'Talked';
export const onHold = 'On hold';
export const duration = 'Duration';
export const state = 'State';
export const labels = 'Labels';
export const callId = 'Call id';
export const flags = 'Recorded, voicemail, transferred';

// copy-link-menu
export const copyLinkKey = 'Copy link (y)';

// facet-choices
export const find = 'Find';
export const findIn = (label: string) => `Find in ${label}`;
export const noneAmongTheseCalls = 'None among these calls';
export const loadingFailed = 'Loading failed';
export const loadingChoices = 'Loading…';

// facets
export const person = 'Person';
export const group = 'Group';

// filter-words
export const yes = 'Yes';
export const no = 'No';
export const notRecorded = 'Not recorded';
export const withVoicemail = 'With voicemail';
export const withoutVoicemail = 'Without voicemail';

// histogram-bars
export const answered = 'Answered';
export const missedOrAbandoned = 'Missed or abandoned';
export const other = 'Other';

// histogram-plot
export const callsOverTime = 'Calls over time';
export const chartKeys =
  'Arrows move along the bars, Shift extends the selection, Enter zooms in, Minus zooms out.';
export const noCalls = 'No calls';

// list-foot
export const pages = 'Pages';
export const moreNotLoaded = 'More could not be loaded.';
export const thatIsAll = 'That is all.';
export const loadingMore = 'Loading more…';
export const newer = 'Newer';
export const tryAgain = 'Try again';
export const loadMore = 'Load more';

// no-call-matches
export const noCallMatches = 'No call matches';
export const searchLast90DaysInstead = 'Search the last 90 days instead';
export const onlyGuilty = (label: string) =>
  `It is “${label}” that leaves nothing. Remove it, or another one:`;
export const noneGuilty =
  'No single one is the cause: nothing matches without any one of these either.';

// no-calls-ever
export const noCallsYetWhy =
  'Calls appear here by themselves as soon as Dialpad sends the first event.';
export const noCallsYet = 'No calls yet';
export const openSetUp = 'Open set-up';

// query-keys
export const longerThanMinute = 'longer than a minute';
export const longerThanFiveMinutes = 'longer than five minutes';
export const shorterThanHalfMinute = 'shorter than half a minute';
export const betweenFiveAndTenMinutes = 'between five and ten minutes';
export const endsWithTheseDigits = 'ends with these digits';
export const beginsWithTheseDigits = 'begins with these digits';
export const hasTheseDigits = 'has these digits';
export const whatCameOfIt = 'what came of it';
export const whichWayItWent = 'which way it went';
export const dialpadsState = 'Dialpad’s state';
export const anyNumberOnCall = 'any number on the call';
export const customersNumber = 'the customer’s number';
export const aboutOurNumber = 'our number';
export const someoneOfOurs = 'someone of ours';
export const aboutContact = 'the customer, by name or e-mail';
export const aboutGroup = 'department, call centre or office';
export const label = 'a label';
export const dialpadsIdOfCall = 'Dialpad’s id of a call';
export const fromConnectionToEnd = 'from connection to end';
export const howLongPeopleTalked = 'how long people talked';
export const timeBackFromNow = 'a time back from now';
export const twoWeeks = 'two weeks';
export const fromThisDayOn = 'from this day on';
export const untilThisDay = 'until this day';
export const thisDay = 'this day';
export const aboutHas = 'voicemail, recording, transfer';

// query-suggestions
export const today = 'today';
export const yesterday = 'yesterday';
export const weekAgo = 'a week ago';
export const thirtyDaysAgo = '30 days ago';

// search-box
export const searchCalls = 'Search calls';
export const searchHint = 'Name, number, last digits, e-mail, call id, or state:missed';
export const clearSearch = 'Clear search';

// suggestion-list
export const suggestions = 'Suggestions';

// syntax-help
export const lastDigitsOfNumber = 'Last digits of a number';
export const exampleName = 'Name, e-mail or call id';
export const exampleNumberEnd = 'Number that ends in 5678';
export const missedCallsFromOutside = 'Missed calls from outside';
export const oneOfSeveral = 'One of several';
export const everythingButOutbound = 'Everything but outbound';
export const exampleLonger = 'Longer than five minutes';
export const withVoicemailThisWeek = 'With a voicemail, this week';
export const howToSearch = 'How to search';
export const helpLead = 'Terms are combined. Choose an example to try it.';

// use-calls-keys
export const copyLinkToThisView = 'Copy link to this view';
export const linkKeywords = 'share address url';
export const copyFrozenLinkToView = 'Copy link to this view, frozen in time';
export const pauseLiveUpdates = 'Pause live updates';
export const goOnWithLiveUpdates = 'Go on with live updates';
export const liveKeywords = 'tail pause follow';
export const exportTheseCalls = 'Export these calls';
export const exportKeywords = 'download csv excel jsonl save';
export const clearAllFilters = 'Clear all filters';
export const clearKeywords = 'reset remove';

// volume-chart
export const zoomedIn = (text: string) => `Zoomed in: ${text}`;
export const zoomedOut = 'Zoomed out';
export const nothingToZoomOutOf = 'Nothing to zoom out of';
export const volume = 'Volume';

// volume-head
export const zoomOut = 'Zoom out';
export const viewAsChart = 'View as chart';
export const viewAsTable = 'View as table';
export const outcomes = 'Outcomes';
export const noCallsInThisTime = 'No calls in this time';
export const volumeNotLoaded = 'The volume could not be loaded.';
export const retry = 'Retry';

// waiting
export const onlyLast7Days = 'Only the last 7 days';
