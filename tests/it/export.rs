//! Proves that exports harm no spreadsheet, go on where they were cut, cannot be taken for whole when they are not, are
//! for those who may have them, and leave something for others.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::database::psql;
use crate::support::{Caller, Company, Event, Export, START_MS, Server, csv_rows, eventually};

/// More than the buffers of a connection hold, so that whoever does not read holds the export up.
const MANY: usize = 40_000;

/// Waits until the company's list has so many calls.
async fn has_calls(server: &Server, company: &Company, calls: usize) {
    let count = "{ company { calls(first: 1) { totalCount { value } } } }";
    eventually(async || {
        // A machine that is busy may keep somebody waiting for a first connection.
        let answer = company.ask(server, count, json!({})).await;
        let counted = &answer.json["data"]["company"]["calls"]["totalCount"]["value"];
        if *counted == calls { Ok(()) } else { Err(answer.text) }
    })
    .await;
}

/// Puts calls into the table itself: what is exported is more than is worth delivering.
fn fill(url: &str, company: &Company, calls: usize) {
    let sql = format!(
        "INSERT INTO calls (tenant_id, call_id, started_at, date_started, direction, state, state_raw, outcome,
                            external_number, voicemail_link, labels, label_terms, event_count, updated_at,
                            conversation_id)
         SELECT tenant_id, 5000000000000000 + n, started, started, 'inbound', 'hangup', 'hangup', 'answered',
                '+1206555' || lpad((n % 100 + 100)::text, 4, '0'), 'https://dialpad.com/' || repeat('x', 300),
                '{{}}', '{{}}', 1, started, 5000000000000000 + n
         FROM tenants, LATERAL (SELECT n, timestamptz '2026-03-01' + n * interval '1 minute' AS started
                                FROM generate_series(1, {calls}) n) made
         WHERE slug = '{}'",
        company.slug
    );
    psql(url, &sql).unwrap();
}

/// A server with its database, of which we know the address.
fn server_and_url() -> (Server, crate::support::Database, String) {
    let database = crate::support::Database::new();
    let url = database.url();
    (Server::start_on(crate::support::Start::At(url.clone())), database, url)
}

/// An export of which nothing was read yet but the head.
struct Slow(TcpStream);

impl Slow {
    async fn begin(server: &Server, caller: &Caller) -> Self {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let shown = match caller {
            Caller::Key(key) => format!("Authorization: Bearer {key}"),
            Caller::Session(cookie) => format!("Cookie: {cookie}"),
        };
        let head =
            format!("GET /api/export?format=jsonl HTTP/1.1\r\nHost: {}\r\n{shown}\r\n\r\n", server.address());
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&first), "HTTP/1.1 200");
        Self(stream)
    }

    /// Everything up to the end of the connection, and whether that is also the end of the export.
    async fn rest(mut self) -> (Vec<u8>, bool) {
        let mut rest = Vec::new();
        let mut buffer = vec![0; 1 << 20];
        while let Ok(read @ 1..) = self.0.read(&mut buffer).await {
            rest.extend_from_slice(&buffer[..read]);
            if rest.ends_with(b"\r\n0\r\n\r\n") {
                return (rest, true);
            }
        }
        (rest, false)
    }
}

#[tokio::test]
async fn nothing_hostile_runs_in_a_spreadsheet() {
    const NAMES: [&str; 12] = [
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "@SUM(A1)",
        "-2+3",
        "+12065550101",
        "＝1+1",
        " =1+1",
        "\t=1+1",
        "=cmd|' /C calc'!A0",
        "a\";=1+1",
        "one\r\n=two",
        "</script>\u{2028}",
        "Grace \"Amazing\" Hopper, PhD 👩‍💻",
    ];
    let server = Server::start();
    let company = Company::create_in(&server, "Hopper Lines", "America/New_York");
    for (at, name) in NAMES.iter().enumerate() {
        let contact =
            json!({ "id": format!("c{at}"), "type": "local", "name": name, "phone": "+12065550142" });
        let event = Event::new(5_000_000_000_000_001 + at as i64, "hangup").at(0).with(json!({
            "date_started": START_MS - at as i64, "contact": contact, "external_number": "+12065550142",
            "direction": "inbound" }));
        company.deliver(&server, event.payload()).await;
    }
    has_calls(&server, &company, NAMES.len()).await;
    let key = company.key();
    let safe = Export::get(&server, &key, "").await;
    let text = safe.text();
    let rows = csv_rows(text.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8"));
    assert_eq!(rows[0][..2], ["call_id", "date_started (America/New_York)"]);
    let raw = csv_rows(&Export::get(&server, &key, "format=csv-raw").await.text());
    let lines = Export::get(&server, &key, "format=jsonl").await.lines();
    for (((name, safe), raw), line) in NAMES.iter().zip(&rows[1..]).zip(&raw[1..]).zip(&lines) {
        // What was stored is the name as the API gives it; blanks around it are cut when it is read.
        let stored = line["contactName"].as_str().unwrap();
        assert_eq!(stored.trim(), name.trim());
        assert_eq!(raw[6], stored);
        let is_marked = safe[6].strip_prefix('\'') == Some(stored);
        assert!(is_marked || safe[6] == stored, "{:?}", safe[6]);
        let runs = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '\t', '\r', '\n']);
        for cell in safe {
            assert!(!runs(cell), "{cell:?}");
        }
        assert_eq!(is_marked, runs(stored), "{stored:?}");
        assert_eq!((safe[4].as_str(), raw[4].as_str()), ("'+12065550142", "+12065550142"));
        assert_eq!(safe[0], format!("'{}", raw[0]), "ids keep their last digit");
        assert!(safe[1].starts_with("2026-09-14 11:04:0"), "{}", safe[1]);
        assert!(raw[1].starts_with("2026-09-14T15:04:0") && raw[1].ends_with("+00:00"), "{}", raw[1]);
    }
    let text = Export::get(&server, &key, "format=jsonl&timeZone=Asia/Kolkata").await.text();
    assert!(text.contains("T20:34:05+05:30") && !text.contains("</") && !text.contains('\u{2028}'));
    assert_eq!(safe.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(safe.header("cache-control"), "no-store");
    assert_eq!(safe.header("x-content-type-options"), "nosniff");
    let disposition = safe.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename=\"calls-hopper-lines-20"), "{disposition}");
    assert!(disposition.ends_with(".csv\""), "{disposition}");
}

#[tokio::test]
async fn an_export_goes_on_where_it_was_cut() {
    let (server, _database, url) = server_and_url();
    let company = Company::create(&server, "Hopper Lines");
    // More than two pages of the server's.
    fill(&url, &company, 2_500);
    // Some of one moment, so that the order between them counts.
    psql(&url, "UPDATE calls SET started_at = timestamptz '2026-03-02' WHERE call_id % 100 < 40").unwrap();
    let key = company.key();
    for (format, lines_before) in [("csv", 1), ("csv-raw", 1), ("jsonl", 0)] {
        let whole = Export::get(&server, &key, &format!("format={format}&query=last:365d")).await;
        let as_of = whole.header("trunkline-as-of").to_owned();
        let text = whole.text();
        let rows: Vec<&str> = text.split_inclusive('\n').collect();
        assert_eq!(rows.len(), 2_500 + lines_before, "{format}");
        for cut in [1, 2, 199, 200, 201, 1_000, 2_199, 2_200, 2_201, 2_499, 2_500] {
            let (there, missing) = rows.split_at(cut + lines_before);
            let last = there.last().unwrap();
            let id = last.find("500000000").map(|at| &last[at..at + 16]).unwrap();
            let parameters = format!("format={format}&query=last:365d&after={id}&asOf={as_of}");
            let rest = Export::get(&server, &key, &parameters).await.text();
            assert_eq!(rest, missing.concat(), "{format} cut behind {cut}");
        }
    }
}

#[tokio::test]
async fn what_broke_off_is_not_taken_for_the_whole() {
    let (mut server, _database, url) = server_and_url();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    fill(&url, &company, MANY);
    fill(&url, &other, MANY);
    let (whole, ended) = Slow::begin(&server, &company.key()).await.rest().await;
    assert!(ended, "an export that is whole says so: {} bytes", whole.len());
    // The person signs out, the key is revoked, the role is cut: within five seconds it is over.
    let owner = company.owner(&server).await;
    let (by_session, by_key) = (Slow::begin(&server, &owner).await, Slow::begin(&server, &other.key()).await);
    let Caller::Session(_) = &owner else { panic!("a session") };
    let sign_out = server.http().post(server.url() + "/auth/sign-out");
    assert_eq!(owner.signed(&server, sign_out).send().await.unwrap().status(), 204);
    psql(
        &url,
        "UPDATE api_keys SET revoked_at = now() FROM tenants WHERE slug = 'lovelace-ltd' \
                AND api_keys.tenant_id = tenants.tenant_id",
    )
    .unwrap();
    eventually(async || {
        let broken = server.log().matches("export broken off").count();
        if broken == 2 { Ok(()) } else { Err(format!("{broken} are broken off")) }
    })
    .await;
    for slow in [by_session, by_key] {
        let (part, ended) = slow.rest().await;
        assert!(!ended && part.len() < whole.len(), "{} of {} bytes", part.len(), whole.len());
    }
    // The server stops: without waiting for who does not read.
    let slow = Slow::begin(&server, &company.key()).await;
    let begun = Instant::now();
    let stopping = tokio::task::spawn_blocking(move || {
        server.stop();
        begun.elapsed()
    });
    let (part, ended) = slow.rest().await;
    assert!(!ended && part.len() < whole.len(), "{} of {} bytes", part.len(), whole.len());
    assert!(stopping.await.unwrap() < Duration::from_secs(10));
}

#[tokio::test]
async fn turns_are_few_and_come_back() {
    let (server, _database, url) = server_and_url();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    fill(&url, &company, MANY);
    fill(&url, &other, 100);
    let key = company.key();
    let (first, second) = (Slow::begin(&server, &key).await, Slow::begin(&server, &key).await);
    let refused = async { Export::get(&server, &key, "format=jsonl").await };
    // Meanwhile there is a turn for another company, and the API answers as ever.
    let meanwhile = async {
        assert_eq!(Export::get(&server, &other.key(), "format=jsonl").await.lines().len(), 100);
        has_calls(&server, &other, 100).await;
    };
    let (refused, ()) = tokio::join!(refused, meanwhile);
    assert_eq!((refused.status, refused.code().as_str()), (429, "TOO_MANY_EXPORTS"));
    assert_ne!(refused.header("retry-after"), "");
    // Who goes away in the middle leaves the turn to the next, who waited for it.
    let waiting = async { Export::get(&server, &key, "format=jsonl").await.lines().len() };
    let (lines, ()) = tokio::join!(waiting, async { drop(first) });
    assert_eq!(lines, MANY);
    let (_, ended) = second.rest().await;
    assert!(ended, "who was slow gets all of it too");
}

#[tokio::test]
async fn exports_are_for_those_who_may_have_them() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    for (at, of) in [&company, &other].into_iter().enumerate() {
        of.deliver(&server, Event::new(77_001 + at as i64, "hangup").at(0).payload()).await;
        has_calls(&server, of, 1).await;
    }
    let owner = company.owner(&server).await;
    let Caller::Session(cookie) = &owner else { panic!("a session") };
    let get = |parameters: &str| server.http().get(format!("{}/api/export?{parameters}", server.url()));
    // A browser that follows a link of our own page; one that follows a foreign one.
    let own = get("").header("cookie", cookie).header("sec-fetch-site", "same-origin");
    assert_eq!(Export::send(own).await.status, 200);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let foreign = Export::send(get("").header("cookie", cookie).header(name, value)).await;
        assert_eq!((foreign.status, foreign.code().as_str()), (403, "CROSS_SITE"), "{name}: {value}");
    }
    let nobody = Export::send(get("")).await;
    assert_eq!((nobody.status, nobody.code().as_str()), (401, "UNAUTHENTICATED"));
    assert_eq!(Export::send(get("").bearer_auth("tl_live_wrong")).await.status, 401);
    // What is another company's answers byte for byte like what is not there.
    let id = |of: &Company| {
        let (of, server) = (of.clone(), &server);
        async move {
            of.query(server, "{ company { id } }", json!({})).await["company"]["id"]
                .as_str()
                .unwrap()
                .to_owned()
        }
    };
    let (own_id, other_id) = (id(&company).await, id(&other).await);
    let key = company.key();
    assert_eq!(Export::get(&server, &key, &format!("company={own_id}&format=jsonl")).await.lines().len(), 1);
    let random = Export::get(&server, &key, "company=Qnothing").await;
    assert_eq!((random.status, random.code().as_str()), (404, "NOT_FOUND"));
    assert_eq!(Export::get(&server, &key, &format!("company={other_id}")).await.body, random.body);
    let random = Export::get(&server, &key, "after=99999").await;
    assert_eq!((random.status, random.code().as_str()), (400, "BAD_CURSOR"));
    assert_eq!(Export::get(&server, &key, "after=77002").await.body, random.body);
    let foreign = json!({ "format": "jsonl", "filter": { "callId": { "eq": "77002" } } });
    assert!(Export::post(&server, &key, &foreign).await.lines().is_empty());
    for (parameters, code) in [
        ("format=xlsx", "BAD_INPUT"),
        ("fromat=csv", "BAD_INPUT"),
        ("key=tl_live_x", "BAD_INPUT"),
        ("timeZone=Mars", "BAD_INPUT"),
        ("asOf=yesterday", "BAD_INPUT"),
        ("query=duration:long", "BAD_QUERY"),
        ("filter=%7B", "BAD_INPUT"),
        ("filter=%7B%22outcom%22:%7B%22eq%22:%22MISSED%22%7D%7D", "BAD_INPUT"),
        ("filter=%7B%22outcome%22:%7B%22eq%22:%22LOST%22%7D%7D", "BAD_INPUT"),
        ("filter=%5B1%5D", "BAD_INPUT"),
        ("filter=7", "BAD_INPUT"),
    ] {
        let refused = Export::get(&server, &key, parameters).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{parameters}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
    let head =
        format!("GET /api/export HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", company.api_key);
    let old = crate::support::exchange(server.address(), head.as_bytes()).await;
    assert!(old.starts_with("HTTP/1.0 505"), "{old}");
}
