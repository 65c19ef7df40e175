//! The closed vocabularies of a call: Dialpad's states, the direction, and the outcome we derive.
//!
//! Each enum is written once as a table of `Variant = "name"`, from which its list, names and parser follow.

/// Writes an enum whose variants have a stable lower-case name, with `ALL`, `as_str` and `parse`.
macro_rules! vocabulary {
    (
        $(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name: used in the database, in search text and in the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            fn named(text: &str) -> Option<Self> {
                let text = text.trim();
                Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// Dialpad's `state` of a call event. Names are those of Dialpad's call-event subscription, with those of the
    /// older help article; every other string is [`CallState::Unknown`] and kept as sent beside it.
    CallState {
        /// Before the answer.
        Preanswer = "preanswer",
        /// The leg is being placed; the first event of an outbound call.
        Calling = "calling",
        /// A device rings; repeats for every agent that is tried.
        Ringing = "ringing",
        /// Waiting in a hold queue.
        Queued = "queued",
        /// Answered, by a person or by a menu or queue.
        Connected = "connected",
        /// On hold; ends with another `connected`.
        Hold = "hold",
        /// Parked on an office line.
        Parked = "parked",
        /// Another party joined.
        Merged = "merged",
        /// A supervisor listens.
        Monitor = "monitor",
        /// A supervisor listens (the older name).
        Eavesdrop = "eavesdrop",
        /// A supervisor speaks.
        Barge = "barge",
        /// A supervisor takes the call over.
        Takeover = "takeover",
        /// Listed by Dialpad without an explanation.
        Admin = "admin",
        /// The caller reached voicemail.
        Voicemail = "voicemail",
        /// The caller is blocked; terminal.
        Blocked = "blocked",
        /// Nobody answered; terminal.
        Missed = "missed",
        /// The leg ended; terminal.
        Hangup = "hangup",
        /// The voicemail's file is ready.
        VoicemailUploaded = "voicemail_uploaded",
        /// The voicemail's transcript is ready.
        Transcription = "transcription",
        /// A recording is ready.
        Recording = "recording",
        /// An automatic recording is ready.
        AdminRecording = "admin_recording",
        /// The call's transcript can be fetched from Dialpad.
        CallTranscription = "call_transcription",
        /// The recap's summary is ready.
        RecapSummary = "recap_summary",
        /// The recap's outcome is ready.
        RecapOutcome = "recap_outcome",
        /// The recap's purposes are ready.
        RecapPurposes = "recap_purposes",
        /// The recap's action items are ready.
        RecapActionItems = "recap_action_items",
        /// Moments found by Dialpad Ai.
        CallMoments = "call_moments",
        /// A playbook result of Dialpad Ai.
        AiPlaybook = "ai_playbook",
        /// A satisfaction survey was answered.
        Csat = "csat",
        /// A satisfaction score predicted by Dialpad Ai.
        Pcsat = "pcsat",
        /// Wrap-up after the call.
        Postcall = "postcall",
        /// The agent chose dispositions; may repeat.
        Dispositions = "dispositions",
        /// None of the above.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Who called whom, for one leg.
    Direction {
        /// The company was called.
        Inbound = "inbound",
        /// The company called.
        Outbound = "outbound",
        /// Dialpad did not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How a call came out, derived from its events by [`crate::outcome::outcome`].
    Outcome {
        /// A person talked.
        Answered = "answered",
        /// It rang and nobody answered.
        Missed = "missed",
        /// The caller gave up in a queue, or before anything rang.
        Abandoned = "abandoned",
        /// It ended at voicemail.
        Voicemail = "voicemail",
        /// The caller was blocked.
        Blocked = "blocked",
        /// Outbound, ended before anybody answered.
        Cancelled = "cancelled",
        /// Not over yet, as far as we know.
        Ongoing = "ongoing",
    }
}

/// The rank of the states that end a call.
const RANK_TERMINAL: u8 = 5;

impl CallState {
    /// The state Dialpad names, in any case; [`CallState::Unknown`] for every other text.
    pub fn parse(text: &str) -> Self {
        Self::named(text).unwrap_or(Self::Unknown)
    }

    /// How far in a call's life the state is: 0 (before the answer) to 5 (ended). `None` for enrichment, which may
    /// follow the end, and for unknown states.
    pub const fn rank(self) -> Option<u8> {
        match self {
            Self::Preanswer => Some(0),
            Self::Calling => Some(1),
            Self::Ringing | Self::Queued => Some(2),
            Self::Connected | Self::Hold | Self::Parked | Self::Merged => Some(3),
            Self::Monitor | Self::Eavesdrop | Self::Barge | Self::Takeover | Self::Admin => Some(3),
            Self::Voicemail => Some(4),
            Self::Blocked | Self::Missed | Self::Hangup => Some(RANK_TERMINAL),
            Self::VoicemailUploaded | Self::Transcription | Self::Recording | Self::AdminRecording => None,
            Self::CallTranscription | Self::RecapSummary | Self::RecapOutcome | Self::RecapPurposes => None,
            Self::RecapActionItems | Self::CallMoments | Self::AiPlaybook | Self::Csat | Self::Pcsat => None,
            Self::Postcall | Self::Dispositions | Self::Unknown => None,
        }
    }

    /// The place among events of the same moment: unknown states first, then the lifecycle, then enrichment.
    pub(crate) const fn order(self) -> u8 {
        match (self, self.rank()) {
            (Self::Unknown, _) => 0,
            (_, Some(rank)) => rank + 1,
            (_, None) => RANK_TERMINAL + 2,
        }
    }

    /// True for states that add to a call without moving its life cycle.
    pub const fn is_enrichment(self) -> bool {
        self.rank().is_none() && !matches!(self, Self::Unknown)
    }

    /// True for the states after which a call is over.
    pub const fn is_terminal(self) -> bool {
        matches!(self.rank(), Some(RANK_TERMINAL))
    }

    /// True for enrichment that is only ever made of a finished call, and so proves the end when the hangup was
    /// lost. Moments and playbooks may come while people still talk.
    pub const fn is_after_call(self) -> bool {
        self.is_enrichment() && !matches!(self, Self::CallMoments | Self::AiPlaybook)
    }

    /// True for states only a call that went to voicemail has.
    pub const fn is_voicemail(self) -> bool {
        matches!(self, Self::Voicemail | Self::VoicemailUploaded | Self::Transcription)
    }
}

#[expect(clippy::derivable_impls, reason = "the enum is written by a macro")]
impl Default for Direction {
    fn default() -> Self {
        Self::Unknown
    }
}

impl Direction {
    /// The direction Dialpad names, in any case; [`Direction::Unknown`] for every other text.
    pub fn parse(text: &str) -> Self {
        Self::named(text).unwrap_or(Self::Unknown)
    }
}

impl Outcome {
    /// The outcome of this name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::named(text)
    }
}
