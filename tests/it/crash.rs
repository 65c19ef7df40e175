//! Proves the first promise: an event that was answered 200 is never lost and never doubled, though the server is
//! killed again and again; and a private PostgreSQL does not outlive its owner.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Company, Event, Server, Start, eventually, sign_all, within};

const CALLS: i64 = 550;
const STATES: [&str; 4] = ["ringing", "connected", "hangup", "recording"];
/// Deliveries that are under way at the same time.
const SENDERS: usize = 8;
/// The server is killed when so many events were answered 200.
const KILL_AFTER: [usize; 4] = [300, 800, 1_300, 1_800];

/// One event as its sender knows it.
struct Sent {
    payload: String,
    token: String,
    call_id: i64,
}

/// What is still to be sent, and what was answered 200.
struct Ledger {
    waiting: VecDeque<Sent>,
    accepted: Vec<Sent>,
    /// Tries that were not answered 200.
    failed: usize,
    /// Those of them that were answered 503.
    unavailable: usize,
}

type Shared = Arc<Mutex<Ledger>>;

impl Ledger {
    fn new(company: &Company) -> Shared {
        let events: Vec<_> = (0..CALLS)
            .flat_map(|call| {
                let call_id = 100_000 + call;
                STATES.iter().enumerate().map(move |(step, state)| {
                    let at = call * 10 + i64::try_from(step).unwrap();
                    let dates = json!({ "direction": "inbound", "date_started": crate::support::START_MS + call * 10 });
                    (call_id, Event::new(call_id, state).at(at).with(dates).payload())
                })
            })
            .collect();
        let payloads: Vec<_> = events.iter().map(|(_, payload)| payload).collect();
        let tokens = sign_all(&payloads, &company.secret);
        let sent = events.into_iter().zip(tokens);
        let waiting = sent.map(|((call_id, payload), token)| Sent { payload, token, call_id }).collect();
        Arc::new(Mutex::new(Self { waiting, accepted: Vec::new(), failed: 0, unavailable: 0 }))
    }

    /// Notes how a try was answered, if it was; says whether it is done with.
    fn note(&mut self, sent: Sent, status: Option<u16>) -> bool {
        if status == Some(200) {
            self.accepted.push(sent);
            return true;
        }
        self.failed += 1;
        self.unavailable += usize::from(status.is_some());
        self.waiting.push_back(sent);
        false
    }
}

/// Sends until nothing is waiting. What is not answered 200 waits again, as it does at Dialpad; what is, is not sent
/// a second time: it has to be there.
async fn keep_sending(http: reqwest::Client, url: String, ledger: Shared) {
    loop {
        let Some(next) = ledger.lock().unwrap().waiting.pop_front() else { return };
        let answer = http.post(&url).body(next.token.clone()).send().await;
        let status = answer.map(|response| response.status().as_u16());
        if let Ok(status) = &status {
            assert!([200, 503].contains(status), "{status}");
        }
        let is_accepted = ledger.lock().unwrap().note(next, status.ok());
        if !is_accepted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Raw events of every call by call id, and the calls' outcomes, read page by page.
async fn read_everything(server: &Server, company: &Company) -> BTreeMap<i64, (String, Vec<String>)> {
    const QUERY: &str = "query($after: String) { company { calls(first: 25, after: $after) {
        nodes { callId outcome state events(first: 10) { nodes { raw } } } pageInfo { hasNextPage endCursor } } } }";
    let (mut calls, mut after) = (BTreeMap::new(), Value::Null);
    loop {
        let data = company.query(server, QUERY, json!({ "after": after })).await;
        let page = &data["company"]["calls"];
        for node in page["nodes"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let raws = node["events"]["nodes"].as_array().unwrap().iter().map(|event| text(&event["raw"]));
            let call_id = text(&node["callId"]).parse().unwrap();
            let folded = format!("{} {}", text(&node["state"]), text(&node["outcome"]));
            let known = calls.insert(call_id, (folded, raws.collect()));
            assert!(known.is_none(), "call {call_id} is in the list twice");
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return calls;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn what_was_answered_200_survives_every_kill() {
    let mut server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let ledger = Ledger::new(&company);
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let url = server.url() + &company.hook;
            tokio::spawn(keep_sending(server.http().clone(), url, Arc::clone(&ledger)))
        })
        .collect();
    for kill_after in KILL_AFTER {
        eventually(async || match ledger.lock().unwrap().accepted.len() {
            accepted if accepted >= kill_after => Ok(()),
            accepted => Err(format!("{accepted} events were accepted")),
        })
        .await;
        server.kill();
        server.begin();
    }
    for sender in senders {
        sender.await.unwrap();
    }
    let (accepted, failed) = {
        let mut ledger = ledger.lock().unwrap();
        (std::mem::take(&mut ledger.accepted), ledger.failed)
    };
    assert_eq!(accepted.len(), CALLS as usize * STATES.len());
    assert!(failed >= KILL_AFTER.len(), "the kills hit the stream: {failed} tries failed");

    let mut sent: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for event in &accepted {
        sent.entry(event.call_id).or_default().push(&event.payload);
    }
    // Folded means: the list is complete, and every call says what all its events say.
    let calls = eventually(async || {
        let calls = read_everything(&server, &company).await;
        let unfolded =
            calls.values().filter(|(folded, _)| folded != "HANGUP ABANDONED" && folded != "HANGUP MISSED");
        match (calls.len() == sent.len(), unfolded.count()) {
            (true, 0) => Ok(calls),
            (_, unfolded) => Err(format!("{} calls, {unfolded} of them not folded to the end", calls.len())),
        }
    })
    .await;
    for (call_id, payloads) in &mut sent {
        let (_, raws) = &calls[call_id];
        let mut raws: Vec<&str> = raws.iter().map(String::as_str).collect();
        raws.sort_unstable();
        payloads.sort_unstable();
        assert_eq!(&raws, payloads, "call {call_id} has each of its events exactly once");
    }
    server.stop();
}

/// The processes that work in a directory or below it, or were started with it.
fn processes_of(directory: &Path) -> Vec<String> {
    let shown = directory.to_str().unwrap();
    let Ok(entries) = std::fs::read_dir("/proc") else {
        // Not Linux.
        let output = std::process::Command::new("ps").args(["-axww", "-o", "pid=,args="]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        return text.lines().filter(|line| line.contains(shown)).map(str::to_owned).collect();
    };
    let works_there = |process: &Path| {
        let command = std::fs::read(process.join("cmdline")).unwrap_or_default();
        let is_inside = std::fs::read_link(process.join("cwd")).is_ok_and(|at| at.starts_with(directory));
        is_inside || String::from_utf8_lossy(&command).contains(shown)
    };
    let processes = entries.flatten().map(|entry| entry.path()).filter(|path| works_there(path));
    processes.map(|path| path.display().to_string()).collect()
}

#[tokio::test]
async fn a_private_postgresql_ends_with_its_owner_and_comes_back() {
    let mut server = Server::start_on(Start::Embedded);
    let company = Company::create(&server, "Hopper Lines");
    assert!(!processes_of(server.data_dir()).is_empty(), "the test can see the processes");
    for (round, call_id) in [1, 2, 3].into_iter().enumerate() {
        company.deliver(&server, json!({ "call_id": call_id, "state": "hangup" }).to_string()).await;
        server.kill();
        within(Duration::from_secs(30), async || match processes_of(server.data_dir()) {
            left if left.is_empty() => Ok(()),
            left => Err(format!("left behind: {left:?}")),
        })
        .await;
        server.begin();
        eventually(async || match company.call_ids(&server, json!({})).await.len() {
            calls if calls == round + 1 => Ok(()),
            calls => Err(format!("{calls} calls")),
        })
        .await;
    }
    server.stop();
    assert_eq!(processes_of(server.data_dir()), Vec::<String>::new(), "stopped means stopped");
}

#[tokio::test]
async fn a_stop_loses_nothing_that_is_under_way() {
    let mut server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let ledger = Ledger::new(&company);
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let url = server.url() + &company.hook;
            tokio::spawn(keep_sending(server.http().clone(), url, Arc::clone(&ledger)))
        })
        .collect();
    eventually(async || match ledger.lock().unwrap().accepted.len() {
        accepted if accepted >= 200 => Ok(()),
        accepted => Err(format!("{accepted} events were accepted")),
    })
    .await;
    server.stop();
    senders.iter().for_each(|sender| sender.abort());
    for sender in senders {
        sender.await.ok();
    }
    assert_eq!(ledger.lock().unwrap().unavailable, 0, "what was begun is finished with 200");
    let accepted: Vec<_> = ledger.lock().unwrap().accepted.iter().map(|sent| sent.payload.clone()).collect();
    server.begin();
    let has_all = async || {
        let calls = read_everything(&server, &company).await;
        let raws: std::collections::HashSet<_> = calls.values().flat_map(|(_, raws)| raws).collect();
        match accepted.iter().filter(|payload| !raws.contains(payload)).count() {
            0 => Ok(()),
            missing => Err(format!("{missing} of {} events are missing", accepted.len())),
        }
    };
    eventually(has_all).await;
}
