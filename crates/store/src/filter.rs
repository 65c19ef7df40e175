//! A [`CallFilter`] as SQL.
//!
//! Text is looked up in `party_terms` and reaches calls through `call_parties`; nothing textual is tested on `calls`
//! itself. Every value is a bound parameter. `store::search` looks texts up first, so that this can name the parties.

use std::cmp::Reverse;

use domain::ids::TenantId;
use domain::parties::{reversed, sides, whole};
use domain::phone::PhoneNumber;
use domain::search::{Bound, CallFilter, Measure, NumberMatch, NumberSide, PersonSide, TextMatch};
use domain::text;
use sea_orm::sea_query::{Cond, Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::entity::call::{Column, Entity};

/// The condition on `calls` that holds for the calls of `tenant` that pass `filter`, whose texts were not looked up: for
/// testing the few calls that something else says.
pub(crate) fn condition_on_each(filter: &CallFilter, tenant: TenantId) -> Condition {
    Conditions { tenant, found: &Found::default(), by: By::Call }.of(filter)
}

/// How calls are tested for parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// All calls of the parties first: for counting, where every call is looked at.
    Set,
    /// Each call by itself: for walking over calls until a page is full.
    Call,
}

/// The parties that a text finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parties {
    /// All of them, few enough to be looked at one by one.
    Few(Vec<Uuid>),
    /// All of them, few enough to be named.
    Some(Vec<Uuid>),
    /// So many that a call is soon met on which one stands.
    Many,
}

/// What was found for the texts of a filter; of a text that was not looked up nothing is known.
#[derive(Debug, Default)]
pub(crate) struct Found(Vec<(CallFilter, Parties)>);

impl Found {
    pub(crate) fn new(found: Vec<(CallFilter, Parties)>) -> Self {
        Self(found)
    }

    pub(crate) fn of(&self, text: &CallFilter) -> Option<&Parties> {
        self.0.iter().find(|(known, _)| known == text).map(|(_, parties)| parties)
    }
}

/// Filters as conditions on the `calls` of one company.
pub(crate) struct Conditions<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) found: &'a Found,
    pub(crate) by: By,
}

impl Conditions<'_> {
    pub(crate) fn of(&self, filter: &CallFilter) -> Condition {
        match filter {
            CallFilter::All(parts) => parts.iter().fold(Cond::all(), |all, part| all.add(self.of(part))),
            CallFilter::Any(parts) if parts.is_empty() => Cond::all().add(Expr::val(false)),
            CallFilter::Any(parts) => parts.iter().fold(Cond::any(), |any, part| any.add(self.of(part))),
            CallFilter::Not(inner) => {
                // A missing value does not pass a condition, so it passes the opposite: NULL counts as false.
                let inner: SimpleExpr = self.of(inner).into();
                Cond::all().add(Expr::cust_with_expr("($1) IS NOT TRUE", inner))
            }
            simple => Cond::all().add(self.simple(simple)),
        }
    }

    fn simple(&self, filter: &CallFilter) -> SimpleExpr {
        match filter {
            CallFilter::Direction(any) => Column::Direction.is_in(any.iter().map(|one| one.as_str())),
            CallFilter::State(any) => Column::State.is_in(any.iter().map(|one| one.as_str())),
            CallFilter::Outcome(any) => Column::Outcome.is_in(any.iter().map(|one| one.as_str())),
            CallFilter::Group(any) => Column::GroupId.is_in(any.iter().map(String::as_str)),
            CallFilter::CallId(any) => Column::CallId.is_in(any.iter().copied()),
            CallFilter::Started(bound, at) => compare(column(Column::StartedAt), *bound, Expr::val(*at)),
            CallFilter::Millis(Measure::Duration, bound, ms) => {
                compare(column(Column::DurationMs), *bound, Expr::val(*ms))
            }
            CallFilter::Millis(Measure::TalkTime, bound, ms) => {
                compare(column(Column::TalkTimeMs), *bound, Expr::val(*ms))
            }
            CallFilter::Recorded(wanted) => flag(column(Column::WasRecorded), *wanted),
            CallFilter::Transferred(wanted) => flag(column(Column::IsTransferred), *wanted),
            CallFilter::Voicemail(wanted) => flag(has_voicemail(), *wanted),
            CallFilter::Label(wanted) => label(wanted),
            CallFilter::Number(..) | CallFilter::Person(..) | CallFilter::Text(_) => {
                // Each of these is a text, so there is one.
                PartyText::of(filter).map_or_else(|| Expr::val(false), |text| self.text(filter, &text))
            }
            CallFilter::All(_) | CallFilter::Any(_) | CallFilter::Not(_) => {
                unreachable!("combinations are taken apart in `of`")
            }
        }
    }

    /// The call is one of those on which a party stands that the text finds; or has the id that the text is.
    fn text(&self, filter: &CallFilter, text: &PartyText) -> SimpleExpr {
        let known = self.found.of(filter);
        let call_id = text.call_id.map(|id| Column::CallId.eq(id));
        if matches!(known, Some(Parties::Few(ids)) if ids.is_empty()) {
            return call_id.unwrap_or_else(|| Expr::val(false));
        }
        let mut sql =
            Sql { text: String::new(), values: vec![Value::from(self.tenant.0), Value::from(text.sides)] };
        let (begin, end) = match self.by {
            By::Set => ("\"calls\".\"call_id\" IN (SELECT link.call_id", ")"),
            // Without OFFSET it would be turned into the other way; without IS TRUE the parties would be gathered for
            // each call again.
            By::Call => ("EXISTS (SELECT", " IS TRUE OFFSET 0)"),
        };
        sql.text.push_str(begin);
        sql.text.push_str(" FROM call_parties link WHERE link.tenant_id = $1 AND (link.sides & $2) <> 0");
        if self.by == By::Call {
            sql.text.push_str(" AND link.call_id = \"calls\".\"call_id\"");
        }
        sql.text.push_str(" AND (");
        match known {
            Some(Parties::Few(ids)) => {
                sql.text.push_str("link.party_id = ANY (");
                sql.bind(ids.clone());
                sql.text.push(')');
            }
            // Not `= ANY`: the planner would look at each of them.
            Some(Parties::Some(ids)) => {
                sql.text.push_str("link.party_id IN (SELECT unnest(");
                sql.bind(ids.clone());
                sql.text.push_str("))");
            }
            Some(Parties::Many) if self.by == By::Call => party_has(&mut sql, &text.terms, "link"),
            Some(Parties::Many) | None => {
                sql.text.push_str("link.party_id IN (");
                parties_with(&mut sql, &text.terms);
                sql.text.push(')');
            }
        }
        sql.text.push(')');
        sql.text.push_str(end);
        let on_calls = Expr::cust_with_values(sql.text, sql.values);
        call_id.into_iter().fold(on_calls, |all, one| all.or(one))
    }
}

fn label(wanted: &TextMatch) -> SimpleExpr {
    let (test, text) = match wanted {
        TextMatch::Is(text) => ("label = $1", text),
        TextMatch::StartsWith(text) => ("starts_with(label, $1)", text),
        TextMatch::Contains(text) => ("position($1 in label) > 0", text),
    };
    let sql = format!("EXISTS (SELECT FROM unnest(\"calls\".\"label_terms\") label WHERE {test})");
    Expr::cust_with_values(sql, [Value::from(whole(text))])
}

fn column(column: Column) -> SimpleExpr {
    Expr::col((Entity, column))
}

/// True when the value is `wanted`; what Dialpad did not say counts as "no".
fn flag(expr: SimpleExpr, wanted: bool) -> SimpleExpr {
    if wanted { is_true(expr) } else { Expr::cust_with_expr("($1) IS NOT TRUE", expr) }
}

/// Whether it is true, and not false or unknown.
pub(crate) fn is_true(expr: SimpleExpr) -> SimpleExpr {
    Expr::cust_with_expr("($1) IS TRUE", expr)
}

/// Whether a voicemail was left.
pub(crate) fn has_voicemail() -> SimpleExpr {
    Column::VoicemailLink.is_not_null().or(Column::Outcome.eq("voicemail"))
}

fn compare(left: SimpleExpr, bound: Bound, right: SimpleExpr) -> SimpleExpr {
    match bound {
        Bound::Before => left.lt(right),
        Bound::UpTo => left.lte(right),
        Bound::After => left.gt(right),
        Bound::From => left.gte(right),
        Bound::Exactly => left.eq(right),
    }
}

/// How a party is found: every one of some tests, each on one of its terms.
enum Terms {
    /// All of these tests hold for the same party.
    All(Vec<Term>),
    /// At least one of these groups holds.
    Any(Vec<Terms>),
}

enum Term {
    /// The party has exactly this term.
    Is(String),
    /// The party has a term that begins so.
    StartsWith(String),
    /// The party has a term of this kind (its first character) that has the text somewhere.
    Contains(char, String),
}

impl Terms {
    /// The words of a text of several.
    fn several(&self) -> Option<&Vec<Term>> {
        match self {
            Self::All(tests) => (tests.len() > 1).then_some(tests),
            Self::Any(groups) => groups.iter().find_map(Self::several),
        }
    }

    fn several_mut(&mut self) -> Option<&mut Vec<Term>> {
        match self {
            Self::All(tests) => (tests.len() > 1).then_some(tests),
            Self::Any(groups) => groups.iter_mut().find_map(Self::several_mut),
        }
    }

    /// The kinds and texts, when nothing is asked but that one of them is somewhere.
    fn infixes(&self) -> Option<Vec<(char, &str)>> {
        match self {
            Self::All(tests) => match tests.as_slice() {
                [Term::Contains(kind, text)] => Some(vec![(*kind, text.as_str())]),
                _ => None,
            },
            Self::Any(groups) => {
                let infixes: Option<Vec<_>> = groups.iter().map(Self::infixes).collect();
                infixes.map(|some| some.concat()).filter(|some| !some.is_empty())
            }
        }
    }
}

fn number_sides(side: NumberSide) -> i16 {
    match side {
        NumberSide::Any => sides::ANY,
        NumberSide::External => sides::EXTERNAL_NUMBER,
        NumberSide::Internal => sides::INTERNAL_NUMBER,
    }
}

fn number_terms(wanted: &NumberMatch) -> Terms {
    let term = match wanted {
        NumberMatch::Is(number) => {
            let parsed = PhoneNumber::parse(number);
            match parsed.map(|parsed| parsed.digits().into_owned()).filter(|digits| !digits.is_empty()) {
                Some(digits) => Term::Is(format!("d{digits}")),
                // Numbers can be words: "blocked", "anonymous".
                None => Term::Is(format!("n{}", whole(number))),
            }
        }
        NumberMatch::StartsWith(digits) => Term::StartsWith(format!("d{}", text::digits(digits))),
        NumberMatch::EndsWith(digits) => Term::StartsWith(format!("r{}", reversed(&text::digits(digits)))),
        NumberMatch::Contains(digits) => Term::Contains('d', text::digits(digits)),
    };
    Terms::All(vec![term])
}

fn text_terms(wanted: &TextMatch) -> Terms {
    let one = |term| Terms::All(vec![term]);
    match wanted {
        TextMatch::Is(value) => {
            let folded = whole(value);
            Terms::Any(vec![
                one(Term::Is(format!("n{folded}"))),
                one(Term::Is(format!("e{folded}"))),
                one(Term::Is(format!("i{}", value.trim()))),
            ])
        }
        TextMatch::StartsWith(value) => {
            let folded = whole(value);
            Terms::Any(vec![
                one(Term::StartsWith(format!("n{folded}"))),
                one(Term::StartsWith(format!("e{folded}"))),
            ])
        }
        TextMatch::Contains(value) => {
            let folded = whole(value);
            Terms::Any(vec![one(Term::Contains('n', folded.clone())), one(Term::Contains('e', folded))])
        }
    }
}

/// What a text asks of parties.
pub(crate) struct PartyText {
    /// Where they have to stand.
    pub(crate) sides: i16,
    terms: Terms,
    /// A number may also be the id of a call.
    pub(crate) call_id: Option<i64>,
}

impl PartyText {
    /// Of a condition that is a text.
    pub(crate) fn of(filter: &CallFilter) -> Option<Self> {
        let (sides, terms, call_id) = match filter {
            CallFilter::Number(side, wanted) => (number_sides(*side), number_terms(wanted), None),
            CallFilter::Person(PersonSide::Internal, wanted) => {
                (sides::PEOPLE_INTERNAL, text_terms(wanted), None)
            }
            CallFilter::Person(PersonSide::Contact, wanted) => (sides::CONTACT, text_terms(wanted), None),
            CallFilter::Text(wanted) => (sides::ANY, free_text(wanted), call_id(wanted)),
            _ => return None,
        };
        Some(Self { sides, terms, call_id })
    }

    /// A query for how many parties have each word of several that all must be there, a row for each, counted up to
    /// `most`; nothing when there is only one.
    pub(crate) fn rarity_query(&self, tenant: TenantId, most: usize) -> Option<Statement> {
        let words = self.terms.several()?;
        let mut sql = Sql { text: String::new(), values: vec![tenant.0.into()] };
        for (at, word) in words.iter().enumerate() {
            let glue = if at > 0 { " UNION ALL " } else { "" };
            sql.text.push_str(&format!("{glue}SELECT {at} AS place, (SELECT count(*) FROM ("));
            parties_of_term(&mut sql, word);
            sql.text.push_str(&format!(" LIMIT {most}) AS having_it) AS parties"));
        }
        sql.text.push_str(" ORDER BY place");
        Some(Statement::from_sql_and_values(DbBackend::Postgres, sql.text, sql.values))
    }

    /// Puts the rarest of several words first, `parties` being how many have each.
    pub(crate) fn rarest_first(&mut self, parties: &[i64]) {
        if let Some(words) = self.terms.several_mut() {
            let mut by_rarity: Vec<_> = parties.iter().zip(words.drain(..)).collect();
            by_rarity.sort_by_key(|(parties, _)| **parties);
            words.extend(by_rarity.into_iter().map(|(_, word)| word));
        }
    }

    /// A query for at most `limit` of the parties, as one array; finds some of them more than once.
    pub(crate) fn query(&self, tenant: TenantId, limit: usize) -> Statement {
        let begin = "SELECT array_agg(party_id) AS parties FROM (SELECT party_id FROM (";
        let mut sql = Sql { text: begin.to_owned(), values: Vec::new() };
        if let Some(infixes) = self.terms.infixes() {
            parties_containing(&mut sql, &infixes, limit);
        } else {
            sql.values.push(tenant.0.into());
            parties_with(&mut sql, &self.terms);
        }
        sql.text.push_str(&format!(") AS found LIMIT {limit}) AS first"));
        Statement::from_sql_and_values(DbBackend::Postgres, sql.text, sql.values)
    }
}

/// Free text: words by their beginnings, all on the same party; digits also as a number or an id. Signs alone are looked
/// for in names and addresses as they are.
fn free_text(wanted: &str) -> Terms {
    // As long as nobody has counted, the longest word is taken for the rarest.
    let mut words = text::words(wanted);
    if words.is_empty() && !wanted.trim().is_empty() {
        return text_terms(&TextMatch::Contains(wanted.to_owned()));
    }
    words.sort_by_key(|word| Reverse(word.len()));
    let words = words.into_iter().map(|word| Term::StartsWith(format!("w{word}"))).collect();
    let mut ways = vec![Terms::All(words)];
    if let Some(digits) = only_digits(wanted) {
        ways.push(Terms::All(vec![Term::StartsWith(format!("d{digits}"))]));
        ways.push(Terms::All(vec![Term::StartsWith(format!("r{}", reversed(&digits)))]));
        ways.push(Terms::All(vec![Term::Is(format!("i{digits}"))]));
    }
    Terms::Any(ways)
}

fn call_id(wanted: &str) -> Option<i64> {
    only_digits(wanted)?.parse().ok()
}

/// The digits of a text that has no letters.
fn only_digits(wanted: &str) -> Option<String> {
    let digits = text::digits(wanted);
    (!digits.is_empty() && !wanted.chars().any(char::is_alphabetic)).then_some(digits)
}

struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Appends a parameter.
    fn bind(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
    }
}

/// Appends a query for the ids of the parties that `terms` finds; some of them more than once.
fn parties_with(sql: &mut Sql, terms: &Terms) {
    match terms {
        Terms::All(tests) => {
            let Some((first, others)) = tests.split_first() else {
                return sql.text.push_str("SELECT party_id FROM party_terms WHERE false");
            };
            parties_of_term(sql, first);
            for other in others {
                sql.text.push_str(" AND ");
                has_term(sql, other, "term");
            }
        }
        Terms::Any(groups) => {
            for (at, group) in groups.iter().enumerate() {
                sql.text.push_str(if at > 0 { " UNION ALL (" } else { "(" });
                parties_with(sql, group);
                sql.text.push(')');
            }
        }
    }
}

/// Appends a condition: `terms` finds the party that `table` names.
fn party_has(sql: &mut Sql, terms: &Terms, table: &str) {
    let (glue, count) = match terms {
        Terms::All(tests) => (" AND ", tests.len()),
        Terms::Any(groups) => (" OR ", groups.len()),
    };
    if count == 0 {
        return sql.text.push_str("false");
    }
    for at in 0..count {
        sql.text.push_str(if at > 0 { glue } else { "(" });
        match terms {
            Terms::All(tests) => has_term(sql, &tests[at], table),
            Terms::Any(groups) => party_has(sql, &groups[at], table),
        }
    }
    sql.text.push(')');
}

/// Appends a condition: the party that `table` names has the term. OFFSET keeps it from being turned into looking up
/// everybody who has it.
fn has_term(sql: &mut Sql, term: &Term, table: &str) {
    sql.text.push_str(&format!(
        "EXISTS (SELECT FROM party_terms own WHERE own.tenant_id = $1 AND own.party_id = {table}.party_id AND "
    ));
    is_term(sql, term, "own");
    sql.text.push_str(" OFFSET 0)");
}

/// The same for texts that are somewhere in a term, by the function that may use an index for it; at most `limit` of each.
fn parties_containing(sql: &mut Sql, infixes: &[(char, &str)], limit: usize) {
    for (at, (kind, text)) in infixes.iter().enumerate() {
        if at > 0 {
            sql.text.push_str(" UNION ALL ");
        }
        sql.text.push_str("SELECT party_id FROM app.parties_containing(");
        sql.bind(kind.to_string());
        sql.text.push_str(", ");
        sql.bind(*text);
        sql.text.push_str(&format!(", {limit}) AS party_id"));
    }
}

/// Appends a query for the parties that have a term.
fn parties_of_term(sql: &mut Sql, term: &Term) {
    sql.text.push_str("SELECT term.party_id FROM party_terms term WHERE term.tenant_id = $1 AND ");
    is_term(sql, term, "term");
}

/// Appends a condition on a row of terms.
fn is_term(sql: &mut Sql, term: &Term, table: &str) {
    sql.text.push_str(table);
    match term {
        Term::Is(text) => {
            sql.text.push_str(".term = ");
            sql.bind(text.as_str());
        }
        Term::StartsWith(text) => {
            sql.text.push_str(".term ^@ ");
            sql.bind(text.as_str());
        }
        Term::Contains(kind, text) => {
            sql.text.push_str(".term ^@ ");
            sql.bind(kind.to_string());
            sql.text.push_str(" AND position(");
            sql.bind(text.as_str());
            sql.text.push_str(&format!(" in {table}.term) > 1"));
        }
    }
}
