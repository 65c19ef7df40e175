//! A wire to PostgreSQL on which the first wall can be taken away: what the server says as the role that answers people is
//! rewritten on its way, so that it no longer names the company. The second wall must do alone then.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What a client asks first: whether the wire can be encrypted. It cannot, because it is read here.
const ENCRYPTION_ASKED: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// Which conditions on the company are taken out of statements.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cut {
    Nothing,
    All,
    /// Those on one table.
    Table(String),
}

/// Statements that were rewritten, and the tables whose condition was taken out of them.
type Rewritten = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

pub(super) struct Wire {
    pub(super) address: SocketAddr,
    cut: watch::Sender<Cut>,
    rewritten: Rewritten,
}

impl Wire {
    /// Leads to `target`, a host and port.
    pub(super) async fn to(target: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, seen) = watch::channel(Cut::Nothing);
        let rewritten = Rewritten::default();
        let written = Arc::clone(&rewritten);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, target.clone(), seen.clone(), Arc::clone(&written)));
            }
        });
        Self { address, cut, rewritten }
    }

    /// Takes this out from now on: statements are said again, on new connections.
    pub(super) fn set(&self, cut: Cut) {
        self.rewritten.lock().unwrap().clear();
        self.cut.send_replace(cut);
    }

    pub(super) fn rewritten(&self) -> BTreeMap<String, Vec<String>> {
        self.rewritten.lock().unwrap().clone()
    }
}

async fn carry(
    mut client: TcpStream,
    target: String,
    mut cut: watch::Receiver<Cut>,
    rewritten: Rewritten,
) -> Option<()> {
    let mut server = TcpStream::connect(target).await.ok()?;
    let start = loop {
        let length = client.read_u32().await.ok()?;
        let mut start = vec![0; usize::try_from(length).ok()? - 4];
        client.read_exact(&mut start).await.ok()?;
        if start != ENCRYPTION_ASKED {
            break start;
        }
        client.write_all(b"N").await.ok()?;
    };
    server.write_u32(u32::try_from(start.len() + 4).ok()?).await.ok()?;
    server.write_all(&start).await.ok()?;
    let answers_people = String::from_utf8_lossy(&start)
        .split('\0')
        .any(|word| word.starts_with("tl_") && word.ends_with("_api"));
    if !answers_people {
        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
        return None;
    }
    let now = cut.borrow_and_update().clone();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let said = async {
        while let Some(message) = message(&mut from_client).await {
            let message = rewrite_message(message, &now, &rewritten);
            if to_server.write_all(&message).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = said => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        // Statements that were prepared are not said again: the connection ends.
        _ = cut.changed() => {}
    }
    None
}

/// The next message of a client: its kind, its length, and what it says.
async fn message(from: &mut OwnedReadHalf) -> Option<Vec<u8>> {
    let mut head = [0; 5];
    from.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes(head[1..].try_into().ok()?);
    let mut message = head.to_vec();
    message.resize(usize::try_from(length).ok()? + 1, 0);
    from.read_exact(&mut message[5..]).await.ok()?;
    Some(message)
}

/// A message with its statement rewritten, if it has one.
fn rewrite_message(message: Vec<u8>, cut: &Cut, rewritten: &Rewritten) -> Vec<u8> {
    let begin = match message[0] {
        b'Q' => 5,
        // Behind the name that the statement gets.
        b'P' => 6 + message[5..].iter().position(|byte| *byte == 0).unwrap(),
        _ => return message,
    };
    let end = begin + message[begin..].iter().position(|byte| *byte == 0).unwrap();
    let sql = std::str::from_utf8(&message[begin..end]).unwrap();
    let (changed, tables) = rewrite(sql, cut);
    if tables.is_empty() {
        return message;
    }
    rewritten.lock().unwrap().insert(sql.to_owned(), tables);
    let body = [&message[5..begin], changed.as_bytes(), &message[end..]].concat();
    let length = u32::try_from(body.len() + 4).unwrap();
    [&message[..1], &length.to_be_bytes(), &body].concat()
}

/// A statement without the conditions on the company, and the tables that they were on.
pub(super) fn rewrite(sql: &str, cut: &Cut) -> (String, Vec<String>) {
    let (mut out, mut tables, mut from) = (String::new(), Vec::new(), 0);
    while let Some(found) = sql[from..].find("tenant_id") {
        let (at, behind) = (from + found, from + found + "tenant_id".len());
        let rest = sql[behind..].trim_start_matches('"').trim_start();
        let parameter = rest.strip_prefix('=').map(str::trim_start).filter(|rest| rest.starts_with('$'));
        let Some(parameter) = parameter else {
            out.push_str(&sql[from..behind]);
            from = behind;
            continue;
        };
        let name = parameter.len() - parameter[1..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let begin = sql[..at]
            .rfind(|c: char| !(c.is_alphanumeric() || "_.\"".contains(c)))
            .map_or(0, |begin| begin + 1);
        let alias = sql[begin..at].replace('"', "");
        let table = table_of(&sql[..begin], sql, alias.trim_end_matches('.'));
        let end = sql.len() - parameter.len() + name;
        let is_cut = match cut {
            Cut::Nothing => false,
            Cut::All => true,
            Cut::Table(wanted) => *wanted == table,
        };
        if is_cut {
            out.push_str(&sql[from..begin]);
            out.push_str(&format!("({}::uuid IS NOT NULL)", &parameter[..name]));
            tables.push(table);
        } else {
            out.push_str(&sql[from..end]);
        }
        from = end;
    }
    out.push_str(&sql[from..]);
    (out, tables)
}

/// The table that an alias names in a statement; without one, the table that was named last.
fn table_of(before: &str, sql: &str, alias: &str) -> String {
    let mut last = String::new();
    let text = if alias.is_empty() { before } else { sql };
    let mut words = text
        .split(|c: char| c.is_whitespace() || "(),".contains(c))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        if !["FROM", "JOIN", "UPDATE", "INTO"].contains(&word) {
            continue;
        }
        let Some(table) = words.next().map(|word| word.replace('"', "")) else { break };
        words.next_if_eq(&"AS");
        let named = words.peek();
        if !alias.is_empty() && (table == alias || named.is_some_and(|named| named.replace('"', "") == alias))
        {
            return table;
        }
        last = table;
    }
    if alias.is_empty() { last } else { alias.to_owned() }
}

#[test]
fn conditions_on_the_company_are_taken_out_of_statements() {
    for (sql, without, tables) in [
        (
            "SELECT 1 FROM calls WHERE tenant_id = $1 AND x = $2",
            "SELECT 1 FROM calls WHERE ($1::uuid IS NOT NULL) AND x = $2",
            "calls",
        ),
        (
            r#"SELECT "calls"."x" FROM "calls" WHERE "calls"."tenant_id" = $12"#,
            r#"SELECT "calls"."x" FROM "calls" WHERE ($12::uuid IS NOT NULL)"#,
            "calls",
        ),
        (
            "SELECT 1 FROM a JOIN call_parties link ON (link.tenant_id = $2)",
            "SELECT 1 FROM a JOIN call_parties link ON (($2::uuid IS NOT NULL))",
            "call_parties",
        ),
        (
            r#"SELECT 1 FROM "calls" AS "leg" WHERE "leg"."tenant_id" = $1"#,
            r#"SELECT 1 FROM "calls" AS "leg" WHERE ($1::uuid IS NOT NULL)"#,
            "calls",
        ),
        (
            "UPDATE api_keys SET a = $2 WHERE tenant_id = $1",
            "UPDATE api_keys SET a = $2 WHERE ($1::uuid IS NOT NULL)",
            "api_keys",
        ),
        (
            "SELECT tenant_id FROM a JOIN b ON a.tenant_id = b.tenant_id",
            "SELECT tenant_id FROM a JOIN b ON a.tenant_id = b.tenant_id",
            "",
        ),
    ] {
        let found: Vec<String> =
            tables.split(' ').filter(|table| !table.is_empty()).map(str::to_owned).collect();
        assert_eq!(rewrite(sql, &Cut::All), (without.to_owned(), found.clone()));
        assert_eq!(rewrite(sql, &Cut::Nothing), (sql.to_owned(), vec![]));
        assert_eq!(
            rewrite(sql, &Cut::Table("calls".to_owned())).1,
            if tables == "calls" { found } else { vec![] }
        );
    }
}
