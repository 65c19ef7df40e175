//! Exports: rows of cells, written for spreadsheets or for programs.
//!
//! A spreadsheet runs a cell that looks like a formula, and turns what looks like a number into one: `+12065550101` and
//! ids of sixteen digits lose their beginning or their end. For spreadsheets such cells begin with an apostrophe, and
//! times stand in a named zone without their offset. For programs every value is exact.

use std::io::Write as _;

use chrono::{
    DateTime, Datelike as _, NaiveDateTime, Offset as _, SecondsFormat, TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV that a spreadsheet can open without harm.
    Csv,
    /// CSV with exact values.
    CsvRaw,
    /// One JSON object a line, with exact values.
    JsonLines,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::CsvRaw, Self::JsonLines];

    /// The word by which it is asked for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::CsvRaw => "csv-raw",
            Self::JsonLines => "jsonl",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvRaw => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvRaw => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Missing,
    /// What somebody wrote.
    Text(&'a str),
    /// One of our own words.
    Word(&'a str),
    /// A number that is a name.
    Id(i64),
    /// A moment.
    Time(DateTime<Utc>),
    /// An amount.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(&'a [String]),
}

/// What a spreadsheet takes for the beginning of a formula, also in its wide and small forms.
const FORMULA_SIGNS: [char; 13] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
/// More digits than this and a spreadsheet rounds.
const DIGITS_EXACT_MAX: usize = 15;
/// Says that a file is UTF-8; without it spreadsheets guess.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes rows in one format.
pub struct RowWriter {
    format: Format,
    zone: Tz,
    /// In CSV the first line; in JSON what stands before each value.
    names: Vec<Vec<u8>>,
}

impl RowWriter {
    /// `columns` are names in `snake_case`, each with whether its cells are times.
    pub fn new<'a>(format: Format, zone: Tz, columns: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let name = |(name, is_time): (&str, bool)| match format {
            Format::Csv if is_time => format!("{name} ({zone})").into_bytes(),
            Format::Csv | Format::CsvRaw => name.as_bytes().to_vec(),
            Format::JsonLines => format!("\"{}\":", camel_case(name)).into_bytes(),
        };
        Self { format, zone, names: columns.into_iter().map(name).collect() }
    }

    /// What stands before the first row.
    pub fn begin(&self, out: &mut Vec<u8>) {
        if self.format == Format::JsonLines {
            return;
        }
        if self.format == Format::Csv {
            out.extend_from_slice(BYTE_ORDER_MARK);
        }
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(name);
        }
        out.extend_from_slice(b"\r\n");
    }

    /// One row, with a cell for each column.
    pub fn row<'a>(&self, out: &mut Vec<u8>, cells: impl IntoIterator<Item = Cell<'a>>) {
        let is_json = self.format == Format::JsonLines;
        if is_json {
            out.push(b'{');
        }
        for (at, (cell, name)) in cells.into_iter().zip(&self.names).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match self.format {
                Format::Csv => self.safe(out, cell),
                Format::CsvRaw => self.exact(out, cell),
                Format::JsonLines => {
                    out.extend_from_slice(name);
                    self.json(out, cell);
                }
            }
        }
        out.extend_from_slice(if is_json { b"}\n" } else { b"\r\n" });
    }

    fn safe(&self, out: &mut Vec<u8>, cell: Cell<'_>) {
        match cell {
            Cell::Missing => {}
            Cell::Text(text) => quoted(out, is_misread(text), [text]),
            Cell::Word(word) => out.extend_from_slice(word.as_bytes()),
            Cell::Id(id) => {
                let id = id.to_string();
                if is_misread(&id) {
                    quoted(out, true, [id.as_str()])
                } else {
                    out.extend_from_slice(id.as_bytes())
                }
            }
            Cell::Time(at) => wall_clock(out, self.local(at)),
            Cell::Number(number) => decimal(out, number),
            Cell::Flag(flag) => out.extend_from_slice(word_of(flag)),
            Cell::List([]) => {}
            Cell::List(texts) => {
                let first_is_misread = texts.first().is_some_and(|first| is_misread(first));
                let parts =
                    texts.iter().enumerate().flat_map(|(at, text)| [if at > 0 { "; " } else { "" }, text]);
                quoted(out, first_is_misread, parts);
            }
        }
    }

    fn exact(&self, out: &mut Vec<u8>, cell: Cell<'_>) {
        match cell {
            Cell::Missing => {}
            Cell::Text(text) => {
                let is_plain = |byte: u8| !matches!(byte, b'"' | b',' | b'\r' | b'\n');
                let is_bare =
                    !text.is_empty() && text.trim().len() == text.len() && text.bytes().all(is_plain);
                if is_bare { out.extend_from_slice(text.as_bytes()) } else { quoted(out, false, [text]) }
            }
            Cell::List(_) => {
                let mut json = Vec::new();
                self.json(&mut json, cell);
                quoted(out, false, [String::from_utf8_lossy(&json).as_ref()]);
            }
            Cell::Word(_) | Cell::Id(_) | Cell::Time(_) | Cell::Number(_) | Cell::Flag(_) => {
                self.plain(out, cell);
            }
        }
    }

    fn json(&self, out: &mut Vec<u8>, cell: Cell<'_>) {
        match cell {
            Cell::Missing => out.extend_from_slice(b"null"),
            Cell::Text(text) | Cell::Word(text) => json_string(out, text),
            Cell::Number(number) if !number.is_finite() => out.extend_from_slice(b"null"),
            // Numbers of JSON are often read as floating point: ids of 64 bits are text, as in the API.
            Cell::Id(_) | Cell::Time(_) => {
                out.push(b'"');
                self.plain(out, cell);
                out.push(b'"');
            }
            Cell::Number(_) | Cell::Flag(_) => self.plain(out, cell),
            Cell::List(texts) => {
                out.push(b'[');
                for (at, text) in texts.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    json_string(out, text);
                }
                out.push(b']');
            }
        }
    }

    /// A value of which nothing has to be quoted.
    fn plain(&self, out: &mut Vec<u8>, cell: Cell<'_>) {
        match cell {
            Cell::Word(word) => out.extend_from_slice(word.as_bytes()),
            Cell::Id(id) => integer(out, id),
            Cell::Time(at) => self.rfc3339(out, at),
            Cell::Number(number) => decimal(out, number),
            Cell::Flag(flag) => out.extend_from_slice(word_of(flag)),
            Cell::Missing | Cell::Text(_) | Cell::List(_) => {}
        }
    }

    fn offset_seconds(&self, at: DateTime<Utc>) -> i32 {
        if self.zone == Tz::UTC {
            return 0;
        }
        self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let offset = chrono::TimeDelta::seconds(i64::from(self.offset_seconds(at)));
        at.naive_utc().checked_add_signed(offset).unwrap_or(at.naive_utc())
    }

    /// As the API writes times: with as many digits behind the second as are needed, and the offset.
    fn rfc3339(&self, out: &mut Vec<u8>, at: DateTime<Utc>) {
        let local = self.local(at);
        if !(0..=9_999).contains(&local.year()) {
            let text = at.with_timezone(&self.zone).to_rfc3339_opts(SecondsFormat::AutoSi, false);
            out.extend_from_slice(text.as_bytes());
            return;
        }
        date_and_time(out, local, b'T');
        let micros = local.nanosecond() / 1_000 % 1_000_000;
        if !micros.is_multiple_of(1_000) {
            out.push(b'.');
            digits(out, micros, 6);
        } else if micros != 0 {
            out.push(b'.');
            digits(out, micros / 1_000, 3);
        }
        let minutes = self.offset_seconds(at) / 60;
        out.push(if minutes < 0 { b'-' } else { b'+' });
        digits(out, minutes.unsigned_abs() / 60, 2);
        out.push(b':');
        digits(out, minutes.unsigned_abs() % 60, 2);
    }
}

/// Whether a spreadsheet would take the text for a formula, or for a number that it is not.
fn is_misread(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if first.is_control() {
        return true;
    }
    let is_unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    let shown = text.trim_start_matches(is_unseen);
    let is_name_of_digits = shown.bytes().all(|byte| byte.is_ascii_digit())
        && (shown.len() > DIGITS_EXACT_MAX || (shown.len() > 1 && shown.starts_with('0')));
    shown.starts_with(FORMULA_SIGNS) || is_name_of_digits
}

/// Parts of one text in quotes, as CSV quotes.
fn quoted<'a>(out: &mut Vec<u8>, apostrophe: bool, parts: impl IntoIterator<Item = &'a str>) {
    out.push(b'"');
    if apostrophe {
        out.push(b'\'');
    }
    for part in parts {
        for (at, piece) in part.split('"').enumerate() {
            if at > 0 {
                out.extend_from_slice(b"\"\"");
            }
            out.extend_from_slice(piece.as_bytes());
        }
    }
    out.push(b'"');
}

/// A text in quotes, as JSON quotes, and so that a page that it is pasted into cannot run it.
fn json_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let escape = match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '<' | '\u{2028}' | '\u{2029}' | '\u{0}'..='\u{1f}' => format!("\\u{:04x}", u32::from(c)),
            _ => continue,
        };
        out.extend_from_slice(text.get(written..at).unwrap_or_default().as_bytes());
        out.extend_from_slice(escape.as_bytes());
        written = at + c.len_utf8();
    }
    out.extend_from_slice(text.get(written..).unwrap_or_default().as_bytes());
    out.push(b'"');
}

fn word_of(flag: bool) -> &'static [u8] {
    if flag { b"true" } else { b"false" }
}

fn decimal(out: &mut Vec<u8>, number: f64) {
    // Every whole number up to here is one in floating point too.
    const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
    if number.trunc() == number && number.abs() < WHOLE_MAX {
        integer(out, number as i64);
    } else {
        write!(out, "{number}").ok();
    }
}

fn integer(out: &mut Vec<u8>, number: i64) {
    let mut text = [0_u8; 20];
    let mut at = text.len();
    let mut left = number.unsigned_abs();
    loop {
        at -= 1;
        text[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
}

/// A local time as spreadsheets read it: to the second.
fn wall_clock(out: &mut Vec<u8>, local: NaiveDateTime) {
    if (0..=9_999).contains(&local.year()) {
        date_and_time(out, local, b' ');
    } else {
        quoted(out, true, [local.to_string().as_str()]);
    }
}

fn date_and_time(out: &mut Vec<u8>, local: NaiveDateTime, between: u8) {
    digits(out, local.year().unsigned_abs(), 4);
    out.push(b'-');
    digits(out, local.month(), 2);
    out.push(b'-');
    digits(out, local.day(), 2);
    out.push(between);
    digits(out, local.hour(), 2);
    out.push(b':');
    digits(out, local.minute(), 2);
    out.push(b':');
    digits(out, local.second(), 2);
}

/// The last `count` digits of a number.
fn digits(out: &mut Vec<u8>, number: u32, count: u32) {
    for place in (0..count).rev() {
        out.push(b'0' + (number / 10_u32.pow(place) % 10) as u8);
    }
}

/// `date_started` as the API names it: `dateStarted`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;
    use proptest::prelude::*;

    fn written(format: Format, cells: &[Cell<'_>]) -> String {
        let columns: Vec<(String, bool)> = (0..cells.len()).map(|at| (format!("the_{at}"), false)).collect();
        let columns = columns.iter().map(|(name, is_time)| (name.as_str(), *is_time));
        let mut out = Vec::new();
        RowWriter::new(format, Berlin, columns).row(&mut out, cells.iter().copied());
        String::from_utf8(out).unwrap()
    }

    fn safe(text: &str) -> String {
        let line = written(Format::Csv, &[Cell::Text(text)]);
        line.strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn no_spreadsheet_runs_a_cell() {
        for formula in [
            "=1+1",
            "+12065550101",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "=cmd|' /C calc'!A0",
            "=HYPERLINK(\"http://x\")",
            "\t",
            "\ttab",
            "0012065550101",
            "5780678501076992",
        ] {
            let quoted = formula.replace('"', "\"\"");
            assert_eq!(safe(formula), format!("\"'{quoted}\""), "{formula:?}");
        }
        for text in
            ["Grace Hopper", "a=b", "12065550101", "0", "1-2", "a\";=1+1", "李小龍", "\u{202e}gnp.exe", ""]
        {
            assert_eq!(safe(text), format!("\"{}\"", text.replace('"', "\"\"")), "{text:?}");
        }
        assert_eq!(
            written(Format::Csv, &[Cell::Id(5_780_678_501_076_992), Cell::Id(42)]),
            "\"'5780678501076992\",42\r\n"
        );
        let labels = ["=x".to_owned(), "b\"".to_owned()];
        assert_eq!(written(Format::Csv, &[Cell::List(&labels)]), "\"'=x; b\"\"\"\r\n");
    }

    #[test]
    fn every_kind_of_cell_has_its_form() {
        let at = Cell::Time(DateTime::from_timestamp_micros(1_789_398_245_120_000).unwrap());
        let labels = ["VIP, gold".to_owned(), "a\"b".to_owned()];
        let cells = [
            at,
            Cell::Missing,
            Cell::Word("missed"),
            Cell::Number(1_500.0),
            Cell::Number(-0.25),
            Cell::Flag(true),
            Cell::List(&labels),
            Cell::List(&[]),
            Cell::Text(" a,\"b\"\n"),
            Cell::Text(""),
            Cell::Id(-7),
        ];
        let table = [
            (
                Format::Csv,
                "2026-09-14 17:04:05,,missed,1500,-0.25,true,\"VIP, gold; a\"\"b\",,\" a,\"\"b\"\"\n\",\"\",\"'-7\"\r\n",
            ),
            (
                Format::CsvRaw,
                "2026-09-14T17:04:05.120+02:00,,missed,1500,-0.25,true,\"[\"\"VIP, gold\"\",\"\"a\\\"\"b\"\"]\",\"[]\",\" a,\"\"b\"\"\n\",\"\",-7\r\n",
            ),
            (
                Format::JsonLines,
                "{\"the0\":\"2026-09-14T17:04:05.120+02:00\",\"the1\":null,\"the2\":\"missed\",\"the3\":1500,\"the4\":-0.25,\"the5\":true,\"the6\":[\"VIP, gold\",\"a\\\"b\"],\"the7\":[],\"the8\":\" a,\\\"b\\\"\\u000a\",\"the9\":\"\",\"the10\":\"-7\"}\n",
            ),
        ];
        for (format, wanted) in table {
            assert_eq!(written(format, &cells), wanted, "{format:?}");
        }
    }

    #[test]
    fn a_page_cannot_run_a_line() {
        let line = written(Format::JsonLines, &[Cell::Text("</script>\u{2028}\u{2029}\u{0}\u{7f}")]);
        assert_eq!(line, "{\"the0\":\"\\u003c/script>\\u2028\\u2029\\u0000\u{7f}\"}\n");
    }

    #[test]
    fn the_first_line_names_the_zone_for_people() {
        let first = |format| {
            let mut out = Vec::new();
            RowWriter::new(format, Berlin, [("call_id", false), ("date_started", true)]).begin(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(first(Format::Csv), "\u{feff}call_id,date_started (Europe/Berlin)\r\n");
        assert_eq!(first(Format::CsvRaw), "call_id,date_started\r\n");
        assert_eq!(first(Format::JsonLines), "");
        assert_eq!(camel_case("entry_point_call_id"), "entryPointCallId");
    }

    proptest! {
        #[test]
        fn json_says_exactly_what_was_there(text in any::<String>(), id in any::<i64>(), number in any::<f64>()) {
            let line = written(Format::JsonLines, &[Cell::Text(&text), Cell::Id(id), Cell::Number(number)]);
            prop_assert_eq!(line.matches('\n').count(), 1);
            let read: serde_json::Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(read["the0"].as_str().unwrap(), text);
            prop_assert_eq!(read["the1"].as_str().unwrap().parse::<i64>().unwrap(), id);
            if number.is_finite() {
                // Not serde's reading of it: that is off by a bit now and then.
                let exact = written(Format::CsvRaw, &[Cell::Number(number)]);
                prop_assert_eq!(exact.trim_end().parse::<f64>().unwrap(), number);
                prop_assert!(line.contains(exact.trim_end()));
            }
        }

        #[test]
        fn times_are_written_as_chrono_writes_them(micros in -70_000_000_000_000_000_i64..260_000_000_000_000_000) {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            let line = written(Format::CsvRaw, &[Cell::Time(at)]);
            let wanted = at.with_timezone(&Berlin).to_rfc3339_opts(SecondsFormat::AutoSi, false);
            // Before 1893 Berlin's offset has seconds, which RFC 3339 cannot say.
            if micros > -2_400_000_000_000_000 {
                prop_assert_eq!(line.trim_end(), wanted);
            }
        }

        #[test]
        fn no_text_breaks_out_of_its_cell(text in any::<String>()) {
            for format in [Format::Csv, Format::CsvRaw] {
                let line = written(format, &[Cell::Text(&text), Cell::Flag(true)]);
                let cell = line.strip_suffix(",true\r\n").unwrap();
                let read = match cell.strip_prefix('"') {
                    Some(rest) => rest.strip_suffix('"').unwrap().replace("\"\"", "\u{0}\u{0}").replace("\u{0}\u{0}", "\""),
                    None => { prop_assert!(!cell.contains(['"', ',', '\r', '\n'])); cell.to_owned() }
                };
                if format == Format::CsvRaw && !text.contains('\u{0}') {
                    prop_assert_eq!(read, text.clone());
                }
            }
        }
    }
}
