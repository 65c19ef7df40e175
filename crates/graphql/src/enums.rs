//! Dialpad's words and ours, as enums. What is not known is `UNKNOWN`; the word as sent stands beside it.

use async_graphql::Enum;
use domain::{access, state};

/// The way a call goes, seen from the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "state::Direction")]
pub(crate) enum Direction {
    /// Someone called the company.
    Inbound,
    /// Someone of the company called.
    Outbound,
    /// Dialpad did not say.
    Unknown,
}

/// What came of a call; derived by Trunkline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "state::Outcome")]
pub(crate) enum CallOutcome {
    /// Two people were connected.
    Answered,
    /// It rang and nobody answered.
    Missed,
    /// The caller gave up before it rang, or in the queue.
    Abandoned,
    /// The caller reached voicemail.
    Voicemail,
    /// The caller is blocked.
    Blocked,
    /// The company's side hung up before anyone answered.
    Cancelled,
    /// The call is not over, as far as we know.
    Ongoing,
}

/// What someone is in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Role")]
pub(crate) enum Role {
    /// May do everything.
    Owner,
    /// Runs the set-up.
    Admin,
    /// Uses the call history and sees the Request URL.
    Member,
    /// Reads the call history.
    Viewer,
}

/// What can be done in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Action")]
pub(crate) enum CompanyAction {
    /// Read calls and their events.
    ReadCalls,
    /// Read the signed events of calls.
    ReadEvents,
    /// Export calls.
    ExportCalls,
    /// See the Request URL and how deliveries fare.
    ReadEndpoint,
    /// See what was posted to the Request URL and what became of it.
    ReadDeliveries,
    /// See the secret in clear.
    RevealSecret,
    /// Replace the secret or the Request URL, send a test call, re-check deliveries.
    ManageEndpoint,
    /// See who is in the company, and who is invited.
    ReadPeople,
    /// Invite and remove people and change their roles.
    ManagePeople,
    /// Hand the company over to somebody else.
    TransferOwnership,
    /// Have the company deleted with everything in it, or keep it.
    DeleteCompany,
    /// See, make and revoke API keys.
    ManageApiKeys,
    /// Share saved views with everybody in the company.
    ShareViews,
    /// Change what the company says of itself.
    ManageCompany,
    /// Say how people have to sign in.
    ManageSecurity,
    /// See who changed what.
    ReadAudit,
}

/// What an API key is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Scope")]
pub(crate) enum KeyScope {
    /// `calls:read`: reading calls and conversations.
    CallsRead,
    /// `events:read`: reading the signed events of calls.
    EventsRead,
    /// `deliveries:read`: reading deliveries, and how the Request URL fares.
    DeliveriesRead,
    /// `export`: exporting calls.
    Export,
    /// `admin`: all that an admin does, and that is not for people only.
    Admin,
}

/// Dialpad's `state`. The first ones are the life cycle of a call; from `VOICEMAIL_UPLOADED` on they add something to a
/// call that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "state::CallState")]
pub(crate) enum CallState {
    /// Before the answer.
    Preanswer,
    /// The leg is being placed; the first event of an outbound call.
    Calling,
    /// A device rings; repeats for every agent that is tried.
    Ringing,
    /// Waiting in a hold queue.
    Queued,
    /// Answered, by a person or by a menu or queue.
    Connected,
    /// On hold; ends with another `connected`.
    Hold,
    /// Parked on an office line.
    Parked,
    /// Another party joined.
    Merged,
    /// A supervisor listens.
    Monitor,
    /// A supervisor listens (the older name).
    Eavesdrop,
    /// A supervisor speaks.
    Barge,
    /// A supervisor takes the call over.
    Takeover,
    /// Listed by Dialpad without an explanation.
    Admin,
    /// The caller reached voicemail.
    Voicemail,
    /// The caller is blocked; terminal.
    Blocked,
    /// Nobody answered; terminal.
    Missed,
    /// The leg ended; terminal.
    Hangup,
    /// The voicemail's file is ready.
    VoicemailUploaded,
    /// The voicemail's transcript is ready.
    Transcription,
    /// A recording is ready.
    Recording,
    /// An automatic recording is ready.
    AdminRecording,
    /// The call's transcript can be fetched from Dialpad.
    CallTranscription,
    /// The recap's summary is ready.
    RecapSummary,
    /// The recap's outcome is ready.
    RecapOutcome,
    /// The recap's purposes are ready.
    RecapPurposes,
    /// The recap's action items are ready.
    RecapActionItems,
    /// Moments found by Dialpad Ai.
    CallMoments,
    /// A playbook result of Dialpad Ai.
    AiPlaybook,
    /// A satisfaction survey was answered.
    Csat,
    /// A satisfaction score predicted by Dialpad Ai.
    Pcsat,
    /// Wrap-up after the call.
    Postcall,
    /// The agent chose dispositions; may repeat.
    Dispositions,
    /// None of the above.
    Unknown,
}
