// Outcomes, reasons and kinds of deliveries in the words people read.
import type { DeliveryKind, DeliveryOutcome, DeliveryReason } from '~/gql/documents';

export const DELIVERY_OUTCOME_WORDS: Record<DeliveryOutcome, string> = {
  ACCEPTED: 'Accepted',
  DUPLICATE: 'Duplicate',
  QUARANTINED: 'Quarantined',
  REJECTED: 'Rejected',
};

export const DELIVERY_KIND_WORDS: Record<DeliveryKind, string> = {
  CALL_EVENT: 'Call event',
  SMS: 'Text message',
  CONTACT: 'Contact',
  AGENT_STATUS: 'Agent status',
  CHANGE_LOG: 'Change log',
  UNKNOWN: 'Unknown',
};

interface ReasonWords {
  /** What is wrong, as it stands in a list. */
  what: string;
  /** What to do about it. */
  fix: string;
}

const NOT_DIALPAD =
  'Dialpad does not send this. Something else writes to the Request URL, or something in between changes what Dialpad sends.';
const NOT_A_CALL_EVENT =
  'It was signed with the right secret and is kept. A re-check takes it in once Trunkline understands it.';

export const REASON_WORDS: Record<DeliveryReason, ReasonWords> = {
  SIGNATURE: {
    what: 'Signature does not match',
    fix: 'The secret in Dialpad is not the one in the set-up. Replace it in the set-up by the one Dialpad has, and what was refused is taken in.',
  },
  UNSIGNED: {
    what: 'Not signed',
    fix: 'The webhook in Dialpad has no secret. Copy the secret from the set-up into it.',
  },
  NOT_COMPACT: { what: 'No signed event', fix: NOT_DIALPAD },
  EMPTY: { what: 'Empty body', fix: NOT_DIALPAD },
  HEADER_TOO_LONG: { what: 'Token header too long', fix: NOT_DIALPAD },
  HEADER_NOT_OBJECT: { what: 'Token header cannot be read', fix: NOT_DIALPAD },
  HEADER_EXTENSION: { what: 'Token asks for an extension', fix: NOT_DIALPAD },
  ALGORITHM: { what: 'Not signed with HS256', fix: NOT_DIALPAD },
  COMPRESSED: {
    what: 'Compressed body',
    fix: 'Something in between compresses what Dialpad sends. Switch that off for the Request URL.',
  },
  TOO_LARGE: { what: 'Larger than 1 MiB', fix: NOT_DIALPAD },
  BODY_TOO_SLOW: {
    what: 'Body came too slowly',
    fix: 'The connection stalled while the body was sent. Dialpad tries again by itself.',
  },
  BODY_BROKEN: {
    what: 'Body broke off',
    fix: 'The connection was cut while the body was sent. Dialpad tries again by itself.',
  },
  NOT_JSON: { what: 'Content is not JSON', fix: NOT_A_CALL_EVENT },
  NOT_AN_OBJECT: { what: 'Content is no JSON object', fix: NOT_A_CALL_EVENT },
  NO_CALL_ID: { what: 'No call id', fix: NOT_A_CALL_EVENT },
  BAD_CALL_ID: { what: 'Call id cannot be read', fix: NOT_A_CALL_EVENT },
  DUPLICATE_KEY: { what: 'Several call ids', fix: NOT_A_CALL_EVENT },
};
