//! What an event says about its call, and how the facts of several events become one.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::party::Party;
use crate::phone::PhoneNumber;
use crate::state::Direction;

/// The most items of a list that a call keeps from all its events.
const FOLDED_ITEMS_MAX: usize = 1_000;

/// Every field of a call event that describes the call. Dates are UTC, durations milliseconds; `None` and empty
/// lists mean that Dialpad said nothing; the default says nothing at all. The names are Dialpad's, with the unit added where there is one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Who called whom.
    pub direction: Direction,
    /// The company's side. May be a word, or a routing number nobody can dial.
    pub internal_number: Option<PhoneNumber>,
    /// The other side.
    pub external_number: Option<PhoneNumber>,
    /// Who has the internal number, in both directions.
    pub target: Option<Party>,
    /// Whose caller id was shown on an outbound call.
    pub proxy_target: Option<Party>,
    /// The group that was dialled first, on legs it was spread over.
    pub entry_point_target: Option<Party>,
    /// Who had the call before it was transferred here.
    pub transferred_from: Option<Party>,
    /// Dialpad's guess at who has the external number; not an identity.
    pub contact: Option<Party>,
    /// On an agent's leg: the group's leg.
    pub entry_point_call_id: Option<i64>,
    /// On a leg reached by transfer: the first leg.
    pub master_call_id: Option<i64>,
    /// On a group's leg: the leg of the agent who answered.
    pub operator_call_id: Option<i64>,
    /// Names the group, never the call.
    pub group_id: Option<String>,
    /// Both sides are users of the same company.
    pub is_internal: Option<bool>,
    /// The call went on to another leg; also when it was routed on before anybody answered.
    pub is_transferred: Option<bool>,
    /// False beside an automatic recording, so not the same as "has audio".
    pub was_recorded: Option<bool>,
    /// When the call entered Dialpad.
    pub date_started: Option<DateTime<Utc>>,
    /// When the caller entered the hold queue.
    pub date_queued: Option<DateTime<Utc>>,
    /// When the first device rang.
    pub date_first_rang: Option<DateTime<Utc>>,
    /// The ring that led to the answer.
    pub date_rang: Option<DateTime<Utc>>,
    /// When somebody or something (a menu, a queue) picked up.
    pub date_connected: Option<DateTime<Utc>>,
    /// When it was hung up.
    pub date_ended: Option<DateTime<Utc>>,
    /// Connected to ended; on group legs with menu and queue. 0 if never connected.
    pub duration_ms: Option<f64>,
    /// Started to ended.
    pub total_duration_ms: Option<f64>,
    /// Time with an agent only: the best length of a conversation.
    pub talk_time_ms: Option<f64>,
    /// Time on hold.
    pub hold_time_ms: Option<f64>,
    /// The recordings that are ready; the best source of their URLs.
    pub recording_details: Vec<Recording>,
    /// Dialpad's `recording_url`, a list or one URL.
    pub recording_urls: Vec<String>,
    /// Files of automatic recordings.
    pub admin_recording_urls: Vec<String>,
    /// Always empty so far.
    pub call_recording_ids: Vec<String>,
    /// Links to recordings for people without a Dialpad account.
    pub call_recording_share_links: Vec<String>,
    /// The same for automatic recordings.
    pub admin_call_recording_share_links: Vec<String>,
    /// Files of screen recordings.
    pub screen_recording_urls: Vec<String>,
    /// Behind Dialpad's sign-in. Anything may have been signed: check scheme and host before making it a link.
    pub voicemail_link: Option<String>,
    /// A link to the voicemail for people without a Dialpad account.
    pub voicemail_share_link: Option<String>,
    /// Dialpad's id of the voicemail's file.
    pub voicemail_recording_id: Option<String>,
    /// The voicemail's transcript, not the call's.
    pub transcription_text: Option<String>,
    /// Dialpad's page about the call, for the company.
    pub company_call_review_share_link: Option<String>,
    /// Dialpad's page about the call, for everybody who has the link.
    pub public_call_review_share_link: Option<String>,
    /// What the call was about, by Dialpad Ai.
    pub recap_summary: Option<String>,
    /// How it came out, by Dialpad Ai.
    pub recap_outcome: Option<String>,
    /// Why they called, by Dialpad Ai.
    pub recap_purposes: Vec<String>,
    /// What is to be done, by Dialpad Ai.
    pub recap_action_items: Vec<String>,
    /// Dialpad's `call_dispositions` or `dispositions`.
    pub dispositions: Vec<String>,
    /// The answer to the satisfaction survey, as sent.
    pub csat_score: Option<String>,
    /// The satisfaction predicted by Dialpad Ai, as sent.
    pub pcsat_score: Option<String>,
    /// Recordings of spoken survey answers.
    pub csat_recording_urls: Vec<String>,
    /// Transcripts of spoken survey answers.
    pub csat_transcriptions: Vec<String>,
    /// Voice quality, 1 to 5.
    pub mos_score: Option<f64>,
    /// What the integration that started the call attached; may hold JSON.
    pub custom_data: Option<String>,
    /// Links into other systems, as sent.
    pub integrations: Option<Value>,
    /// Words the company or Dialpad attached.
    pub labels: Vec<String>,
    /// Whether the caller asked to be called back, as sent.
    pub callback_requested: Option<Value>,
    /// The number chosen to be shown on an outbound call, as sent.
    pub selected_caller_id: Option<String>,
    /// Whether the group was `open` or `closed`, as sent.
    pub target_availability_status: Option<String>,
    /// Steps through call routers, as sent.
    pub routing_breadcrumbs: Vec<Value>,
}

/// One recording of a call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// Dialpad's id of the recording, not of the call.
    pub id: Option<String>,
    /// `callrecording`, `admincallrecording` or `voicemail`, as sent.
    pub kind: Option<String>,
    /// When it begins.
    pub started_at: Option<DateTime<Utc>>,
    /// Its length in milliseconds.
    pub duration_ms: Option<f64>,
    /// Where the file is, behind Dialpad's sign-in.
    pub url: Option<String>,
}

/// The four lengths of a call, which events after the hangup may repeat wrongly.
pub(crate) type Durations = [Option<f64>; 4];

impl Facts {
    pub(crate) fn durations(&self) -> Durations {
        [self.duration_ms, self.total_duration_ms, self.talk_time_ms, self.hold_time_ms]
    }

    pub(crate) fn set_durations(&mut self, durations: Durations) {
        [self.duration_ms, self.total_duration_ms, self.talk_time_ms, self.hold_time_ms] = durations;
    }

    /// The dates of the call's life that are known, in the order of Dialpad's fields.
    pub fn dates(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let before_answer = [self.date_started, self.date_queued, self.date_first_rang, self.date_rang];
        before_answer.into_iter().chain([self.date_connected, self.date_ended]).flatten()
    }

    /// Takes over what a newer event says: a value replaces, a blank never erases, lists are united.
    pub(crate) fn absorb(&mut self, newer: &Self) {
        // Taking the struct apart without `..` makes it an error to forget a new field here.
        macro_rules! absorb {
            (newest: $($value:ident)+; parties: $($party:ident)+; united: $($list:ident)+;) => {
                let Self { direction, recording_details, $($value,)+ $($party,)+ $($list,)+ } = newer;
                $(if $value.is_some() { self.$value.clone_from($value); })+
                $(absorb_party(&mut self.$party, $party.as_ref());)+
                $(unite(&mut self.$list, $list);)+
                if *direction != Direction::Unknown { self.direction = *direction; }
                absorb_recordings(&mut self.recording_details, recording_details);
            };
        }
        absorb! {
            newest:
                internal_number external_number entry_point_call_id master_call_id operator_call_id group_id
                is_internal is_transferred was_recorded
                date_started date_queued date_first_rang date_rang date_connected date_ended
                duration_ms total_duration_ms talk_time_ms hold_time_ms
                voicemail_link voicemail_share_link voicemail_recording_id transcription_text
                company_call_review_share_link public_call_review_share_link recap_summary recap_outcome
                csat_score pcsat_score mos_score custom_data integrations callback_requested selected_caller_id
                target_availability_status;
            parties:
                target proxy_target entry_point_target transferred_from contact;
            united:
                recording_urls admin_recording_urls call_recording_ids call_recording_share_links
                admin_call_recording_share_links screen_recording_urls recap_purposes recap_action_items
                dispositions csat_recording_urls csat_transcriptions labels routing_breadcrumbs;
        }
    }
}

fn absorb_party(party: &mut Option<Party>, newer: Option<&Party>) {
    match (party, newer) {
        (_, None) => {}
        (Some(party), Some(newer)) => party.absorb(newer),
        (party @ None, Some(newer)) => *party = Some(newer.clone()),
    }
}

/// Adds the items not in the list yet, in their order.
pub(crate) fn unite<T: Clone + PartialEq>(list: &mut Vec<T>, newer: &[T]) {
    for item in newer {
        if list.len() < FOLDED_ITEMS_MAX && !list.contains(item) {
            list.push(item.clone());
        }
    }
}

/// A recording sent again is filled in; recordings without an id are told apart by all they say.
fn absorb_recordings(recordings: &mut Vec<Recording>, newer: &[Recording]) {
    for recording in newer {
        let is_same = |known: &&mut Recording| known.id.is_some() && known.id == recording.id;
        match recordings.iter_mut().find(is_same) {
            Some(known) => known.absorb(recording),
            None => unite(recordings, std::slice::from_ref(recording)),
        }
    }
}

impl Recording {
    fn absorb(&mut self, newer: &Self) {
        let Self { id: _, kind, started_at, duration_ms, url } = newer;
        self.kind = kind.clone().or_else(|| self.kind.take());
        self.started_at = started_at.or(self.started_at);
        self.duration_ms = duration_ms.or(self.duration_ms);
        self.url = url.clone().or_else(|| self.url.take());
    }
}
