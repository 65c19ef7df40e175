//! The kinds of conversation the simulator can play.

use std::fmt;
use std::str::FromStr;

use crate::error::SimulatorError;
use crate::rng::Rng;

/// One kind of conversation, or the usual mixture of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// A customer calls a person, who answers.
    InboundAnswered,
    /// A customer calls a person, nobody answers.
    InboundMissed,
    /// A customer leaves a message; file and transcript follow.
    Voicemail,
    /// A call center with a menu, a queue and several ringing agents; one answers.
    CallCenter,
    /// A call passed on: main line or department to a call center, or person to person.
    Transfer,
    /// A person calls a customer, who answers.
    OutboundAnswered,
    /// A person calls a customer, who does not answer.
    OutboundUnanswered,
    /// A caller on the block list: one event.
    Blocked,
    /// A call parked on the office line and picked up by someone else.
    Parked,
    /// A call put on hold and taken back.
    Hold,
    /// A call-center call with its summary and the other recap events.
    Recap,
    /// The 13 keys of years ago.
    Legacy,
    /// Two colleagues.
    Internal,
    /// A group in which every agent's phone rang and nobody answered.
    MissedGroup,
    /// A call whose recording follows minutes later.
    Recording,
    /// A caller who gave up in the queue.
    Abandoned,
    /// A call started through Dialpad's API, with `custom_data`.
    ApiStarted,
    /// A call started from a customer record, with `integrations`.
    ClickToCall,
    /// A third party joined into a running call; its leg shares no key with the first.
    Merged,
    /// What the documentation does not promise: unknown states and keys, ids as text, no time stamp, no hangup.
    Odd,
    /// Text messages, contacts, agent status and changes: what else arrives at the same address.
    OtherEvent,
    /// All of the above except [`Scenario::Odd`], in the proportions of an ordinary company.
    Mix,
}

/// Every scenario with its name and its weight in the mixture.
const TABLE: [(Scenario, &str, u64); 22] = [
    (Scenario::InboundAnswered, "inbound-answered", 200),
    (Scenario::InboundMissed, "inbound-missed", 80),
    (Scenario::Voicemail, "voicemail", 70),
    (Scenario::CallCenter, "call-center", 150),
    (Scenario::Transfer, "transfer", 50),
    (Scenario::OutboundAnswered, "outbound-answered", 180),
    (Scenario::OutboundUnanswered, "outbound-unanswered", 90),
    (Scenario::Blocked, "blocked", 10),
    (Scenario::Parked, "parked", 8),
    (Scenario::Hold, "hold", 20),
    (Scenario::Recap, "recap", 15),
    (Scenario::Legacy, "legacy", 2),
    (Scenario::Internal, "internal", 30),
    (Scenario::MissedGroup, "missed-group", 30),
    (Scenario::Recording, "recording", 15),
    (Scenario::Abandoned, "abandoned", 20),
    (Scenario::ApiStarted, "api-started", 8),
    (Scenario::ClickToCall, "click-to-call", 10),
    (Scenario::Merged, "merged", 2),
    (Scenario::Odd, "odd", 0),
    (Scenario::OtherEvent, "other-event", 10),
    (Scenario::Mix, "mix", 0),
];

impl Scenario {
    /// Every scenario, [`Scenario::Mix`] last.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::Mix; TABLE.len()];
        let mut index = 0;
        while index < TABLE.len() {
            all[index] = TABLE[index].0;
            index += 1;
        }
        all
    };

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        TABLE.iter().find(|(scenario, _, _)| *scenario == self).map_or("mix", |(_, name, _)| name)
    }

    /// Resolves the mixture to one kind; every other scenario is itself.
    pub(crate) fn draw(self, rng: &mut Rng) -> Self {
        if self != Self::Mix {
            return self;
        }
        let total: u64 = TABLE.iter().map(|(_, _, weight)| weight).sum();
        let mut left = rng.next_u64() % total;
        for (scenario, _, weight) in TABLE {
            if left < weight {
                return scenario;
            }
            left -= weight;
        }
        Self::InboundAnswered
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Scenario {
    type Err = SimulatorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        TABLE
            .iter()
            .find(|(_, name, _)| *name == text)
            .map(|(scenario, _, _)| *scenario)
            .ok_or_else(|| SimulatorError::UnknownScenario(text.to_owned()))
    }
}
