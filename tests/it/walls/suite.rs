//! The property: what the other company holds is answered like what nobody holds, byte for byte, and like in a world in
//! which there is no other company. A probe is one question of one asker; its answer is written down before the other
//! company is made, given a value that nobody holds, and compared afterwards, given what the other one holds.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Mutex;

use futures_util::{StreamExt as _, stream};
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::schema::{Place, Schema};
use super::values::{Given, Holdings, Kind};
use super::world::{OWNER, Side, World};
use crate::support::{Dice, Server, UNAVAILABLE, eventually};

/// Questions that are asked at the same time.
const AT_ONCE: usize = 8;
/// Findings that are told; more say the same.
const TOLD: usize = 5;
/// Bytes of an answer that are shown behind the place where it differs.
const SHOWN: usize = 600;
/// In so many forms everything is done; of more one is drawn.
const FORMS_OF_DEED: usize = 4;
/// Wrong passwords in a row; ten are the most.
const FAILURES: usize = 6;
/// Characters of a cursor that say the place; behind them it is sealed to the question.
const PLACE_CHARS: usize = 33;
/// Members whose values change from one answer to the next, whoever asks: why, and how many characters do not.
const PASSING: [(&str, usize, &str); 6] = [
    ("requestId", 0, "the number of the request"),
    ("lastUsedAt", 0, "a key is used by asking with it"),
    ("lastSeenAt", 0, "a session is used by asking with it"),
    ("cursor", PLACE_CHARS, "the question has the other value in it"),
    ("startCursor", PLACE_CHARS, "the question has the other value in it"),
    ("endCursor", PLACE_CHARS, "the question has the other value in it"),
];

/// The same for what was made a moment ago.
const NEW: [(&str, usize, &str); 9] = [
    ("id", 0, "of what was made"),
    ("createdAt", 0, "now"),
    ("changedAt", 0, "now"),
    ("sentAt", 0, "now"),
    ("expiresAt", 0, "later than now"),
    ("previousSecretUntil", 0, "later than now"),
    ("secret", 0, "of a key that was made"),
    ("hint", 0, "of a key that was made"),
    ("call", 0, "of a test call that was made"),
];

/// Gives a value to a place.
type Ask = dyn Fn(&Server, &Given) -> RequestBuilder + Send + Sync;

/// A place that takes a value, and the request that gives it one.
pub(super) struct Spot {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) request: Box<Ask>,
    /// Asked by nobody else, and once.
    pub(super) is_for_nobody: bool,
    /// Something is done there: one after the other, and once, because what was done changes what is answered.
    pub(super) changes: bool,
}

/// One question.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Probe {
    asker: usize,
    spot: usize,
    form: usize,
}

/// What was answered.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Status, headers and body, without what is said back and what passes.
    pub(super) text: String,
}

/// Questions, and what the first company was answered when it was alone.
pub(super) struct Suite {
    pub(super) world: World,
    pub(super) spots: Vec<Spot>,
    probes: Vec<Probe>,
    nobody: Holdings,
    alone: HashMap<Probe, u64>,
    /// How often each asker has shown a wrong password.
    failures: Mutex<HashMap<usize, usize>>,
}

impl Spot {
    /// A place where something is asked.
    pub(super) fn asking(place: Place) -> Self {
        Self::of(place, false)
    }

    /// A place where something is done.
    pub(super) fn doing(place: Place) -> Self {
        Self::of(place, true)
    }

    fn of(place: Place, changes: bool) -> Self {
        let (name, kind) = (place.name.clone(), place.kind.clone());
        let request = move |server: &Server, given: &Given| {
            graphql(server, &place.document, &place.variables(&given.value()))
        };
        Self { name, kind, request: Box::new(request), is_for_nobody: false, changes }
    }

    /// Whether there is no other one that says nearly the same, and it can be asked often: a filter is tried with one
    /// list, and passwords not at all.
    pub(super) fn is_singular(&self) -> bool {
        let at = self.name.split(" at ").last().unwrap();
        !self.is_for_nobody
            && !self.asks_for_password()
            && (!at.ends_with("(filter)") || at == "Company.calls(filter)")
    }

    /// Whether the asker's password is shown there, a wrong one.
    fn asks_for_password(&self) -> bool {
        const NAMES: [&str; 4] = ["ChangePassword", "RequestEmailChange", "DeleteCompany", "DeleteAccount"];
        NAMES.iter().any(|name| self.name.starts_with(name))
    }

    /// A question in which nobody's value stands.
    pub(super) fn plain(document: String) -> Self {
        let name = document.clone();
        let request = move |server: &Server, _: &Given| graphql(server, &document, &json!({}));
        let kind = Kind::OneOf(vec![Value::Null]);
        Self { name, kind, request: Box::new(request), is_for_nobody: false, changes: false }
    }
}

fn graphql(server: &Server, document: &str, variables: &Value) -> RequestBuilder {
    let body = json!({ "query": document, "variables": variables }).to_string();
    server.http().post(server.url() + "/graphql").header(CONTENT_TYPE, "application/json").body(body)
}

/// A digest of an answer: so many are remembered that the answers themselves would not fit.
fn digest(reply: &Reply) -> u64 {
    let mut hasher = DefaultHasher::new();
    reply.text.hash(&mut hasher);
    hasher.finish()
}

/// Replaces the values of passing members by blanks.
fn without(mut text: String, passing: &[(&str, usize, &str)]) -> String {
    for (member, kept, _) in passing {
        let opening = format!("\"{member}\":\"");
        text = text.replace(&format!("\"{member}\":null"), &format!("{opening}\""));
        let mut from = 0;
        while let Some(at) = text[from..].find(&opening) {
            let begin = from + at + opening.len();
            let end = begin + text[begin..].find('"').unwrap();
            let passing = begin + (*kept).min(end - begin);
            text.replace_range(passing..end, "…");
            from = begin;
        }
    }
    text
}

impl Suite {
    /// Asks the first company of `world` so many questions while it is alone; at least each spot by each asker.
    pub(super) async fn begin(world: World, spots: Vec<Spot>, probes: usize, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let nobody = Holdings::nobodys(&world.own.held, &mut dice);
        let mut suite = Self {
            world,
            spots,
            probes: Vec::new(),
            nobody,
            alone: HashMap::new(),
            failures: Mutex::default(),
        };
        suite.draw(probes, &mut dice);
        suite.world.keep();
        let alone =
            suite.ask_all(&suite.probes, &suite.nobody, async |probe, reply| (probe, digest(&reply))).await;
        suite.alone = alone.into_iter().collect();
        suite.restore().await;
        suite
    }

    /// Every spot by every asker, in some form; then more, until there are enough. What changes something comes last.
    fn draw(&mut self, probes: usize, dice: &mut Dice) {
        let askers = self.world.askers.len();
        let mut drawn = Vec::new();
        for round in 0.. {
            for (at, spot) in self.spots.iter().enumerate() {
                if round > 0 && (drawn.len() >= probes || spot.is_for_nobody || spot.changes) {
                    continue;
                }
                let forms = spot.kind.forms(&self.world.own.held);
                let askers = 0..if spot.is_for_nobody { 1 } else { askers };
                let all = if spot.changes && forms <= FORMS_OF_DEED { forms } else { 1 };
                let probe = |asker| (0..all).map(move |form| Probe { asker, spot: at, form });
                let one =
                    |probe: Probe| if all == 1 { Probe { form: dice.roll(forms), ..probe } } else { probe };
                drawn.extend(askers.flat_map(probe).map(one));
            }
            if drawn.len() >= probes {
                break;
            }
        }
        drawn.sort_by_key(|probe| self.spots[probe.spot].changes);
        self.probes = drawn;
    }

    /// Brings everything back as it was kept.
    pub(super) async fn restore(&self) {
        let failed = std::mem::take(&mut *self.failures.lock().unwrap());
        for asker in failed.into_keys() {
            self.world.forget_failures(&self.world.askers[asker]).await;
        }
        self.world.restore();
    }

    /// Whoever shows too many wrong passwords is refused for that, so some of them are forgotten in time.
    async fn spare(&self, asker: usize) {
        let failures = {
            let mut failures = self.failures.lock().unwrap();
            let failures = failures.entry(asker).or_default();
            *failures += 1;
            *failures
        };
        if failures.is_multiple_of(FAILURES) {
            self.world.forget_failures(&self.world.askers[asker]).await;
        }
    }

    pub(super) fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn given(&self, probe: Probe, held: &Holdings) -> Given {
        self.spots[probe.spot].kind.value(probe.form, held, &self.world.own.held)
    }

    fn describe(&self, probe: Probe, held: &Holdings) -> String {
        let (asker, spot) = (&self.world.askers[probe.asker].name, &self.spots[probe.spot].name);
        format!("{asker} asks {spot} with {}", self.given(probe, held).value())
    }

    /// The answer to a probe that is given what `held` holds.
    async fn ask(&self, probe: Probe, held: &Holdings) -> Reply {
        let given = self.given(probe, held);
        let server = &self.world.server;
        if self.spots[probe.spot].asks_for_password() {
            self.spare(probe.asker).await;
        }
        // What was not answered, wholly or in a part, is asked again: the machine is busy with other tests.
        eventually(async || {
            let request = (self.spots[probe.spot].request)(server, &given);
            let request = match &self.world.askers[probe.asker].caller {
                Some(caller) => caller.signed(server, request),
                None => request,
            };
            let mut reply = reply(request, &given).await;
            if self.spots[probe.spot].changes {
                reply.text = without(reply.text, &NEW);
            }
            let is_answered = reply.status != 503 && !reply.text.contains(UNAVAILABLE);
            if is_answered { Ok(reply) } else { Err(reply.text) }
        })
        .await
    }

    /// All answers, in the order of the probes.
    async fn ask_all<T>(
        &self,
        probes: &[Probe],
        held: &Holdings,
        done: impl AsyncFn(Probe, Reply) -> T,
    ) -> Vec<T> {
        let ask = |probe: Probe| {
            let done = &done;
            async move { done(probe, self.ask(probe, held).await).await }
        };
        let changes = probes.iter().position(|probe| self.spots[probe.spot].changes).unwrap_or(probes.len());
        let (asked, done) = probes.split_at(changes);
        let mut answers: Vec<T> =
            stream::iter(asked.iter().copied()).map(ask).buffered(AT_ONCE).collect().await;
        answers.append(&mut stream::iter(done.iter().copied()).then(ask).collect().await);
        answers
    }

    /// What `probes` find out about the other company; nothing, if the walls stand. Ends with the first finding when
    /// `is_enough`.
    pub(super) async fn findings(&self, other: &Side, probes: &[Probe], is_enough: bool) -> Vec<String> {
        let canaries = other.canaries();
        let mut findings = Vec::new();
        for some in probes.chunks(AT_ONCE * 4) {
            let found = self
                .ask_all(some, &other.held, async |probe, reply| {
                    self.finding(probe, &reply, other, &canaries).await
                })
                .await;
            findings.extend(found.into_iter().flatten());
            if findings.len() >= if is_enough { 1 } else { TOLD } {
                break;
            }
        }
        findings
    }

    async fn finding(
        &self,
        probe: Probe,
        reply: &Reply,
        other: &Side,
        canaries: &[String],
    ) -> Option<String> {
        let what = self.describe(probe, &other.held);
        let lower = reply.text.to_lowercase();
        if let Some(canary) = canaries.iter().find(|canary| lower.contains(canary.as_str())) {
            return Some(format!("{what} and sees {canary}:\n{}", reply.text));
        }
        if digest(reply) == self.alone[&probe] {
            return None;
        }
        let now = self.ask(probe, &self.nobody).await;
        let told = difference(&reply.text, &now.text);
        Some(format!("{what} and is answered otherwise than without the other company: {told}"))
    }

    /// The kinds of values of which the own are answered like nobody's, wherever they are given: the oracle must be able
    /// to tell a difference.
    pub(super) async fn undiscerned(&self) -> Vec<Kind> {
        let own = &self.world.own.held;
        let owner = self.world.askers.iter().position(|asker| asker.name == OWNER).unwrap();
        let mut kinds: Vec<(Kind, bool)> = Vec::new();
        for (at, spot) in self.spots.iter().enumerate() {
            // The own done would be done, and what is asked later is answered otherwise for that.
            if spot.changes || spot.is_for_nobody {
                continue;
            }
            let kind = &spot.kind;
            if matches!(kind, Kind::OneOf(_)) || kinds.contains(&(kind.clone(), true)) {
                continue;
            }
            let mut differs = false;
            for form in 0..kind.forms(own) {
                let probe = Probe { asker: owner, spot: at, form };
                differs =
                    differs || self.ask(probe, own).await.text != self.ask(probe, &self.nobody).await.text;
            }
            kinds.retain(|(known, _)| known != kind);
            kinds.push((kind.clone(), differs));
        }
        kinds.into_iter().filter(|(_, differs)| !differs).map(|(kind, _)| kind).collect()
    }
}

/// Where two answers part.
fn difference(other: &str, nobodys: &str) -> String {
    let at = other.bytes().zip(nobodys.bytes()).take_while(|(one, two)| one == two).count();
    if other == nobodys {
        return format!("now for what nobody has too: {other}");
    }
    let around = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(SHOWN / 4)..text.len().min(at + SHOWN)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("{}\nand for what nobody has\n{}", around(other), around(nobodys))
}

/// The answer to a request, with everything that it may say back taken out.
async fn reply(request: RequestBuilder, given: &Given) -> Reply {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let mut headers: Vec<String> = response
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "content-length", "content-encoding"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort_unstable();
    let body = response.bytes().await.unwrap();
    // The order of members is by chance: fields are resolved at the same time.
    let body = match serde_json::from_slice::<Value>(&body) {
        Ok(json) => json.to_string(),
        Err(_) => String::from_utf8_lossy(&body).into_owned(),
    };
    let mut text = format!("{status}\n{}\n\n{body}", headers.join("\n"));
    // Each page has its own.
    if let Some(nonce) = text.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')) {
        text = text.replace(nonce.0, "‹nonce›");
    }
    for echo in given.echoes.iter().filter(|echo| !echo.is_empty()) {
        text = text.replace(echo, "‹what was given›");
    }
    Reply { status, text: without(text, &PASSING) }
}

/// Fails when a part of the schema was not asked for.
pub(super) fn assert_covered(schema: &Schema) {
    let uncovered = schema.uncovered();
    assert!(uncovered.is_empty(), "{uncovered:?} are served, and no probe of walls/ asks for them");
    assert!(schema.size() > 300, "{} parts of the schema are asked for", schema.size());
}
