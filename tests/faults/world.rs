//! Everything that is needed to break things: PostgreSQL, the wire to it, the server, companies, and the load.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::audit::{Report, audit};
use crate::chance::Chance;
use crate::cluster::Cluster;
use crate::ledger::Ledger;
use crate::load::{Delivery, Load};
use crate::stories::{Form, Kind, Planned, Stories};
use crate::support::{Company, Proxy, Server, Start, Way, sign_all, within};

const COMPANIES: [&str; 4] = ["Hopper Lines", "Lovelace Ltd", "Turing Works", "Noether Group"];
/// How long it may take until everything that waited somewhere is stored and folded.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of a thousand events: sent twice as they are, and a second time in other words.
const TWICE: usize = 40;
const REWRITTEN: usize = 20;
/// Bytes of a long transcript.
const TRANSCRIPT_BYTES: usize = 60_000;
/// Behind how many others the second one may come.
const AGAIN_WITHIN: usize = 120;

pub(crate) struct World {
    pub(crate) load: Load,
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
    pub(crate) cluster: Cluster,
    pub(crate) chance: Chance,
    /// What was done to the world.
    pub(crate) faults: BTreeMap<&'static str, usize>,
    companies: Vec<Company>,
    stories: Stories,
    plan: Vec<Planned>,
    directory: TempDir,
    /// Two worlds at once would be one that is twice as slow.
    _alone: MutexGuard<'static, ()>,
}

impl World {
    /// A world in which nothing is broken. `variables` are set for the server.
    pub(crate) async fn new(seed: u64, variables: &[(&'static str, &str)]) -> Self {
        static ALONE: Mutex<()> = Mutex::const_new(());
        let _alone = ALONE.lock().await;
        let cluster = Cluster::start();
        let proxy = Proxy::to(cluster.address().to_string()).await;
        let mut server = Server::prepared(Start::At(cluster.url_through(proxy.address())));
        server.set_variable("TRUNKLINE_LOG", Some("warn".to_owned()));
        for (name, value) in variables {
            server.set_variable(name, Some((*value).to_owned()));
        }
        server.begin();
        let companies: Vec<Company> = COMPANIES.map(|name| Company::create(&server, name)).into();
        let directory = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(&directory.path().join("ledger"));
        let load = Load::begin(server.url(), ledger, seed);
        let stories = Stories::new(seed, companies.len());
        let (faults, plan, chance) = (BTreeMap::new(), Vec::new(), Chance::new(seed ^ 0xfa17));
        Self { load, server, proxy, cluster, chance, faults, companies, stories, plan, directory, _alone }
    }

    /// Events that were made so far.
    pub(crate) fn events(&self) -> usize {
        self.plan.len()
    }

    /// A file beside the ledger.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Hands about `count` new events to the load.
    pub(crate) fn release(&mut self, count: usize) {
        self.release_with(count, 0);
    }

    /// The same with long transcripts.
    pub(crate) fn release_long(&mut self, count: usize) {
        self.release_with(count, TRANSCRIPT_BYTES);
    }

    fn release_with(&mut self, count: usize, transcript_bytes: usize) {
        let first = self.plan.len();
        self.plan.extend(self.stories.next(first, count, transcript_bytes));
        let bodies = self.sign(first);
        let mut deliveries: Vec<Delivery> = Vec::with_capacity(bodies.len() * 11 / 10);
        for (offset, (plain, rewritten)) in bodies.into_iter().enumerate() {
            let event = first + offset;
            let path = match self.plan[event].kind {
                Kind::Good | Kind::Other | Kind::Forged => {
                    self.companies[self.plan[event].company].hook.as_str()
                }
                Kind::Stray => "/hooks/000000000000000000000000000000",
            };
            let one = Delivery { event, form: Form::Plain, path: path.into(), body: plain };
            if self.chance.happens(TWICE) {
                let at = deliveries.len().saturating_sub(self.chance.between(0, AGAIN_WITHIN));
                deliveries.insert(at, one.clone());
            }
            if self.plan[event].kind != Kind::Other && self.chance.happens(REWRITTEN) {
                let at = deliveries.len().saturating_sub(self.chance.between(0, AGAIN_WITHIN));
                let other = Delivery { form: Form::Rewritten, body: rewritten, ..one.clone() };
                deliveries.insert(at, other);
            }
            deliveries.push(one);
        }
        self.load.give(deliveries);
    }

    /// The tokens of the events from `first` on, in both forms.
    fn sign(&self, first: usize) -> Vec<(Arc<str>, Arc<str>)> {
        let planned = &self.plan[first..];
        let signer = |planned: &Planned| match planned.kind {
            Kind::Good | Kind::Other | Kind::Stray => planned.company,
            Kind::Forged => (planned.company + 1) % self.companies.len(),
        };
        let mut tokens: Vec<(Arc<str>, Arc<str>)> = vec![("".into(), "".into()); planned.len()];
        for (company, its) in self.companies.iter().enumerate() {
            let numbers: Vec<usize> =
                (0..planned.len()).filter(|at| signer(&planned[*at]) == company).collect();
            let payloads = numbers
                .iter()
                .flat_map(|at| [Form::Plain, Form::Rewritten].map(|form| planned[*at].payload(form)));
            let signed = sign_all(&payloads.collect::<Vec<_>>(), &its.secret);
            for (at, pair) in numbers.into_iter().zip(signed.chunks(2)) {
                tokens[at] = (pair[0].as_str().into(), pair[1].as_str().into());
            }
        }
        tokens
    }

    /// Notes that something was done to the world.
    pub(crate) fn note(&mut self, fault: &'static str) {
        *self.faults.entry(fault).or_default() += 1;
    }

    /// Ends the server as a power cut does.
    pub(crate) fn kill_server(&mut self) {
        self.server.kill();
        self.note("kill -9 of the server");
    }

    /// Mends everything, waits until everything is stored and folded, and looks at it.
    pub(crate) async fn audit(&mut self) -> Report {
        self.cluster.mend();
        self.proxy.set(Way::Open);
        self.load.until_done().await;
        self.until_folded().await;
        self.server.stop();
        // What is still in the journal is there for a reason, and none of it may be an event.
        let output = self.server.run(&["journal", "drain", "--format", "json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let drained: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(drained["kept"], 0, "{drained}");
        self.server.begin();
        self.until_folded().await;
        self.look()
    }

    /// Looks at what is stored now.
    pub(crate) fn look(&self) -> Report {
        let tenant = |company: &Company| {
            let slug = &company.slug;
            let found = self.cluster.sql(&format!("SELECT tenant_id FROM tenants WHERE slug = '{slug}'"));
            found.unwrap().trim().to_owned()
        };
        let tenants: Vec<String> = self.companies.iter().map(tenant).collect();
        let mut report = audit(&self.cluster, &self.plan, self.load.ledger(), &tenants);
        report.counts.extend(self.faults.iter().map(|(fault, count)| (*fault, *count)));
        report
    }

    /// Waits until no more is stored and nothing is left to be folded. That nothing ever comes is for the audit to find.
    async fn until_folded(&self) {
        let before = Cell::new(String::new());
        within(PATIENCE, async || {
            let asked = "SELECT (SELECT count(*) FROM events),
                                (SELECT count(*) FROM dirty_calls) + (SELECT count(*) FROM marked_calls)";
            let now = self.cluster.sql(asked)?;
            let is_same = before.replace(now.clone()) == now;
            if is_same && now.trim().ends_with("\t0") {
                Ok(())
            } else {
                Err(format!("events and markers: {now}"))
            }
        })
        .await;
    }
}
