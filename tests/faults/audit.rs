//! Compares what the ledger says with what the database holds, past all code of the server: SQL as superuser, the
//! dictionary's file, and a fold of our own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::time::Duration;

use crate::cluster::Cluster;
use crate::fold::{COLUMNS, Told, fold};
use crate::ledger::{Ending, Entry, Ledger};
use crate::stored::Reader;
use crate::stories::{Form, Kind, Planned};
use serde_json::{Value, json};

/// Every answer comes within three seconds, whatever is broken.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// Examples that are shown of each finding.
const SHOWN: usize = 5;

/// What must not happen, with an example or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finding {
    /// Answered 200, and not stored.
    Lost,
    /// Stored more than once.
    Duplicated,
    /// Stored for a company that it was not sent to, or that did not sign it.
    Misrouted,
    /// Stored in other words than it was sent in, under another id or moment, or never sent at all.
    Corrupt,
    /// A call is not what its events add up to.
    Stale,
    /// Refused although nothing was wrong with it.
    Refused,
    /// Answered late, or not at all although the server ran.
    Late,
}

impl Finding {
    pub(crate) const ALL: [Self; 7] = [
        Self::Lost,
        Self::Duplicated,
        Self::Misrouted,
        Self::Corrupt,
        Self::Stale,
        Self::Refused,
        Self::Late,
    ];
}

/// What was found.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) findings: BTreeMap<Finding, Vec<String>>,
    /// What happened, in the order of the list.
    pub(crate) counts: Vec<(&'static str, usize)>,
    pub(crate) slowest: Duration,
}

impl Report {
    pub(crate) fn count(&self, finding: Finding) -> usize {
        self.findings.get(&finding).map_or(0, Vec::len)
    }

    fn find(&mut self, finding: Finding, what: String) {
        self.findings.entry(finding).or_default().push(what);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in &self.counts {
            writeln!(formatter, "  {what:<34} {count:>8}")?;
        }
        writeln!(formatter, "  {:<34} {:>5} ms", "slowest answer", self.slowest.as_millis())?;
        for finding in Finding::ALL {
            writeln!(
                formatter,
                "  {:<34} {:>8}",
                format!("{finding:?}").to_uppercase(),
                self.count(finding)
            )?;
            for example in self.findings.get(&finding).into_iter().flatten().take(SHOWN) {
                writeln!(formatter, "    {example}")?;
            }
        }
        Ok(())
    }
}

/// What became of one event, as far as its sender knows.
#[derive(Default)]
struct Known {
    forms: BTreeSet<Form>,
    is_accepted: bool,
}

/// A row of `events`, or of `deliveries` what is about no call.
struct Stored {
    is_event: bool,
    tenant: String,
    call_id: i64,
    occurred_at_ms: i64,
    digest: String,
    payload: Vec<u8>,
}

/// Compares everything. `tenants` are the companies' ids, in the order of the plan.
pub(crate) fn audit(cluster: &Cluster, plan: &[Planned], ledger: &Ledger, tenants: &[String]) -> Report {
    let mut report = Report::default();
    let known = read_ledger(ledger, plan, &mut report);
    let stored = read_events(cluster);
    report.counts.push(("events stored", stored.len()));
    check_events(&stored, plan, &known, tenants, &mut report);
    check_calls(cluster, stored, &mut report);
    report
}

fn read_ledger(ledger: &Ledger, plan: &[Planned], report: &mut Report) -> HashMap<usize, Known> {
    let mut known: HashMap<usize, Known> = HashMap::new();
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for entry in ledger.read() {
        match entry {
            Entry::Sent { event, form } => {
                *counts.entry("deliveries sent").or_default() += 1;
                known.entry(event).or_default().forms.insert(form);
            }
            Entry::Ended { event, ending, took } => {
                let what = match ending {
                    Ending::Answered(200) => "deliveries answered 200",
                    Ending::Answered(503) => "deliveries answered 503",
                    Ending::Answered(_) => "deliveries answered otherwise",
                    Ending::Aborted => "deliveries aborted by the client",
                    Ending::Broken | Ending::Silence => "deliveries without an answer",
                };
                *counts.entry(what).or_default() += 1;
                let sent = known.get_mut(&event).expect("sent before it ended");
                judge(event, ending, took, plan[event].kind, report);
                sent.is_accepted |= ending == Ending::Answered(200);
            }
        }
    }
    let good = |number: &&usize| plan[**number].kind.is_accepted();
    report.counts.push(("events sent", known.keys().filter(good).count()));
    report.counts.extend(counts);
    let accepted = known.iter().filter(|(number, known)| good(number) && known.is_accepted);
    report.counts.push(("events answered 200", accepted.count()));
    known
}

/// Looks at one answer: what it says, and when it came.
fn judge(event: usize, ending: Ending, took: Duration, kind: Kind, report: &mut Report) {
    match ending {
        Ending::Answered(status) => {
            report.slowest = report.slowest.max(took);
            if took > ANSWER_MAX {
                report.find(Finding::Late, format!("event {event} was answered {status} after {took:?}"));
            }
            // Whether a forged one is one can only be said while the database is there.
            let allowed: &[u16] = match kind {
                Kind::Good | Kind::Other => &[200, 503],
                Kind::Forged => &[200, 401, 503],
                Kind::Stray => &[404],
            };
            if !allowed.contains(&status) {
                report.find(Finding::Refused, format!("event {event} ({kind:?}) was answered {status}"));
            }
        }
        Ending::Silence => report.find(Finding::Late, format!("event {event} was never answered")),
        Ending::Aborted | Ending::Broken => {}
    }
}

fn read_events(cluster: &Cluster) -> Vec<Stored> {
    let rows = cluster.sql(
        "SELECT tenant_id, call_id, (extract(epoch FROM occurred_at) * 1000)::bigint, encode(digest, 'hex'),
                encoding, encode(payload, 'hex') FROM events
         UNION ALL
         SELECT tenant_id, 0, 0, '', encoding, encode(body, 'hex') FROM deliveries
         WHERE outcome IN ('accepted', 'quarantined') AND encoding <> 2",
    );
    let mut reader = Reader::new();
    let rows = rows.unwrap();
    let read = |row: &str| {
        let fields: Vec<&str> = row.split('\t').collect();
        let [tenant, call_id, occurred_at, digest, encoding, payload] = fields[..] else {
            panic!("six columns: {row}")
        };
        let payload = reader.read(encoding, &from_hex(payload));
        Stored {
            is_event: !digest.is_empty(),
            tenant: tenant.to_owned(),
            call_id: call_id.parse().unwrap(),
            occurred_at_ms: occurred_at.parse().unwrap(),
            digest: digest.to_owned(),
            payload: payload.unwrap_or_default(),
        }
    };
    rows.lines().map(read).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn check_events(
    stored: &[Stored],
    plan: &[Planned],
    known: &HashMap<usize, Known>,
    tenants: &[String],
    report: &mut Report,
) {
    let mut times_stored: HashMap<usize, usize> = HashMap::new();
    for row in stored {
        let claims: Value = serde_json::from_slice(&row.payload).unwrap_or_default();
        let planned = Planned::number(&claims).and_then(|number| Some((number, plan.get(number)?)));
        let Some((number, planned)) = planned else {
            report.find(Finding::Corrupt, format!("nobody made what call {} holds", row.call_id));
            continue;
        };
        *times_stored.entry(number).or_default() += 1;
        let belongs = if row.is_event { Kind::Good } else { Kind::Other };
        if row.tenant != tenants[planned.company] || planned.kind != belongs {
            let what = format!("event {number} ({:?}) is stored for company {}", planned.kind, row.tenant);
            report.find(Finding::Misrouted, what);
        }
        let is_in_place = row.call_id == planned.call_id && row.occurred_at_ms == planned.occurred_at_ms;
        let sent = known.get(&number).map(|known| &known.forms);
        let is_as_sent =
            sent.into_iter().flatten().any(|form| planned.payload(*form).as_bytes() == row.payload);
        if !is_in_place || !is_as_sent {
            report.find(Finding::Corrupt, format!("event {number} is not stored as it was sent"));
        }
    }
    for (number, times) in times_stored.iter().filter(|(_, times)| **times > 1) {
        report.find(Finding::Duplicated, format!("event {number} is stored {times} times"));
    }
    let mut accepted: Vec<_> = known.iter().filter(|(_, known)| known.is_accepted).collect();
    accepted.sort_by_key(|(number, _)| **number);
    for (number, _) in accepted {
        if plan[*number].kind.is_accepted() && !times_stored.contains_key(number) {
            report.find(Finding::Lost, format!("event {number} was answered 200 and is not stored"));
        }
    }
}

type Call = (String, i64);

fn check_calls(cluster: &Cluster, stored: Vec<Stored>, report: &mut Report) {
    let mut told: BTreeMap<Call, Vec<Told>> = BTreeMap::new();
    for row in stored.into_iter().filter(|row| row.is_event) {
        let claims = serde_json::from_slice(&row.payload).unwrap_or_default();
        let event = Told { occurred_at_ms: row.occurred_at_ms, digest: row.digest, claims };
        told.entry((row.tenant, row.call_id)).or_default().push(event);
    }
    let mut calls = read_calls(cluster);
    report.counts.push(("calls", told.len()));
    for (call, events) in told {
        let wanted = fold(events);
        match calls.remove(&call) {
            None => report.find(Finding::Stale, format!("call {call:?} is not there")),
            Some(columns) => {
                for ((name, wanted), found) in COLUMNS.iter().zip(wanted).zip(columns) {
                    if plain(&wanted) != plain(&found) {
                        let what = format!("{name} of call {call:?} is {found} instead of {wanted}");
                        report.find(Finding::Stale, what);
                    }
                }
            }
        }
    }
    for call in calls.into_keys() {
        report.find(Finding::Stale, format!("call {call:?} has no events"));
    }
}

/// 7 and 7.0 are the same.
fn plain(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), |number| json!(number))
}

fn read_calls(cluster: &Cluster) -> BTreeMap<Call, Vec<Value>> {
    let is_date = |column: &&str| column.starts_with("date_") || *column == "started_at";
    let columns = COLUMNS.iter().map(|column| match column {
        date if is_date(date) => format!("(extract(epoch FROM {date}) * 1000)::bigint"),
        other => (*other).to_owned(),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let rows =
        cluster.sql(&format!("SELECT tenant_id, call_id, json_build_array({columns}) FROM calls")).unwrap();
    let read = |row: &str| {
        let (tenant, rest) = row.split_once('\t').unwrap();
        let (call_id, columns) = rest.split_once('\t').unwrap();
        ((tenant.to_owned(), call_id.parse().unwrap()), serde_json::from_str(columns).unwrap())
    };
    rows.lines().map(read).collect()
}
