// One client for one company: its cache never holds rows of two tenants. Signing out loads the
// page anew, which drops every client.
import { Client, fetchExchange, mapExchange, type OperationResult } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { isSignedOut } from './graphql-error';
import { reportExpired } from './session-expired';

const VALUE_TYPES = [
  'AuditCheck',
  'AuditConnection',
  'AuditEdge',
  'AuditEntry',
  'BarredCompany',
  'BooleanFacet',
  'CallBucket',
  'CallConnection',
  'CallEdge',
  'CallEventConnection',
  'CallEventEdge',
  'CallFacets',
  'CallHistogram',
  'CallOutcomeFacet',
  'CallStateFacet',
  'ConversationConnection',
  'ConversationEdge',
  'DeliveryConnection',
  'DeliveryEdge',
  'DeliverySummary',
  'DeliveryBucket',
  'DirectionFacet',
  'GroupFacet',
  'PageInfo',
  'PartyFacet',
  'TotalCount',
  'PhoneNumber',
  // The same person can appear under another name on an older call; sharing one entry would mix them.
  'Party',
  'Viewer',
  'SendTestCallPayload',
  'ReplaceEndpointSecretPayload',
  'RotateEndpointUrlPayload',
  'EndPreviousSecretPayload',
  'EndPreviousUrlPayload',
  'RecheckDeliveriesPayload',
  'CreateApiKeyPayload',
  'RotateApiKeyPayload',
  'RevokeApiKeyPayload',
  'InviteMemberPayload',
  'ResendInvitationPayload',
  'RevokeInvitationPayload',
  'ChangeMemberRolePayload',
  'ScopeMemberPayload',
  'SetSingleSignOnPayload',
  'EndSingleSignOnPayload',
  'SingleSignOn',
  'ScopedGroup',
  'RemoveMemberPayload',
  'TransferOwnershipPayload',
  'LeaveCompanyPayload',
  'EndSessionPayload',
  'EndSessionsPayload',
  'ChangePasswordPayload',
  'SendVerificationPayload',
  'UpdateProfilePayload',
  'RequestEmailChangePayload',
  'UpdateCompanyPayload',
  'DeleteCompanyPayload',
  'KeepCompanyPayload',
  'DeleteAccountPayload',
  'RequireSecondFactorPayload',
  'BeginSecondFactorPayload',
  'ConfirmSecondFactorPayload',
  'ReplaceRecoveryCodesPayload',
  'EndSecondFactorPayload',
  'SecondFactor',
  'SecondFactorRule',
  'CreateSavedViewPayload',
  'UpdateSavedViewPayload',
  'DeleteSavedViewPayload',
  'RecheckResult',
  'TestDelivery',
  'UserError',
];
const VALUE_KEYS = Object.fromEntries(VALUE_TYPES.map((name) => [name, () => null]));

interface ClientOptions {
  onSignedOut?: () => void;
  /** Without a cache, for what is asked once and never again. */
  forgetful?: boolean;
}

export function createGraphqlClient({
  onSignedOut = reportExpired,
  forgetful = false,
}: ClientOptions = {}): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    // A custom header cannot be sent by a form on another site.
    fetchOptions: { credentials: 'same-origin', headers: { 'x-requested-with': 'trunkline' } },
    exchanges: [
      mapExchange({
        onError(error) {
          if (isSignedOut(error)) onSignedOut();
        },
      }),
      ...(forgetful ? [] : [cacheExchange({ keys: VALUE_KEYS })]),
      // Below the cache: what failed as a whole says nothing about what there is. Kept, its null would
      // stand for the company in every other query.
      mapExchange({
        onResult: (result) => (isEmpty(result) ? { ...result, data: undefined } : result),
      }),
      fetchExchange,
    ],
  });
}

function isEmpty({ data, error }: OperationResult): boolean {
  return error !== undefined && Object.values(data ?? {}).every((value) => value === null);
}
