//! The query text in tokens, in one pass: what is a group, what is quoted, what belongs together.
//!
//! Nothing here knows what a key or its value means.

use std::ops::Range;

use super::parse::QueryError;

/// One piece of the text.
#[derive(Debug)]
pub(super) struct Token {
    /// The `-` before it.
    pub(super) negations: usize,
    pub(super) kind: Kind,
    /// Its characters, those `-` included.
    pub(super) at: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `OR`
    Or,
    /// `key:value`, or a value alone.
    Condition { key: Option<String>, value: Value },
}

/// What stands behind the colon, or alone.
#[derive(Debug)]
pub(super) enum Value {
    /// Characters as they are.
    Plain(String),
    /// Quoted text, with the signs that stand before it (`=`, `*`, `>`) and the `*` behind it.
    Quoted { before: String, text: String, behind: bool },
    /// `[a,"b"]`
    List(Vec<String>),
}

/// Takes the text apart.
pub(super) fn tokens(chars: &[char]) -> Result<Vec<Token>, QueryError> {
    let mut lexer =
        Lexer { chars, numbers: numbers_in_parentheses(chars), open: Vec::new(), tokens: Vec::new() };
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_whitespace() {
            at += 1;
            continue;
        }
        let token = lexer.token(at)?;
        at = token.at.end;
        lexer.add(token);
    }
    Ok(join_numbers(lexer.close()?))
}

/// Whether all of these are characters of numbers and blanks, and one is a digit: parentheses around them are a part of
/// the number.
pub(super) fn is_number(text: impl Iterator<Item = char> + Clone) -> bool {
    let mut all = text.clone();
    all.all(|c| is_of_number(c) || c.is_whitespace()) && text.into_iter().any(|c| c.is_ascii_digit())
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || "+()-./".contains(c)
}

/// For each `(` that is a part of a number: where its `)` is.
fn numbers_in_parentheses(chars: &[char]) -> Vec<Option<usize>> {
    let mut closing = vec![None; chars.len()];
    let mut open = Vec::new();
    let mut digits = 0;
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '(' => open.push((at, digits)),
            ')' => {
                if let Some((start, _)) = open.pop().filter(|(_, before)| *before < digits) {
                    closing[start] = Some(at);
                }
            }
            c if c.is_ascii_digit() => digits += 1,
            c if is_of_number(c) || c.is_whitespace() => {}
            _ => open.clear(),
        }
    }
    closing
}

struct Lexer<'a> {
    chars: &'a [char],
    numbers: Vec<Option<usize>>,
    /// The groups that are not closed yet, by their place in `tokens`.
    open: Vec<usize>,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// Reads the token that begins at `start`, which is no blank.
    fn token(&self, start: usize) -> Result<Token, QueryError> {
        let mut at = start;
        while self.chars[at] == '-' && self.goes_on(at + 1) {
            at += 1;
        }
        let negations = at - start;
        let (kind, end) = match self.chars[at] {
            ')' if !self.open.is_empty() => (Kind::Close, at + 1),
            ')' if !self.goes_on(at + 1) => {
                return Err(QueryError::new("This ) closes nothing.", at..at + 1));
            }
            '(' if self.numbers[at].is_none() => (Kind::Open, at + 1),
            _ if self.is_or(at) && negations > 0 => return Err(QueryError::lonely_or(start..at + 2)),
            _ if self.is_or(at) => (Kind::Or, at + 2),
            _ => self.condition(at)?,
        };
        Ok(Token { negations, kind, at: start..end })
    }

    /// Whether a word that reached `at` goes on there.
    fn goes_on(&self, at: usize) -> bool {
        match self.chars.get(at) {
            None => false,
            Some(')') => self.open.is_empty(),
            Some(c) => !c.is_whitespace(),
        }
    }

    fn is_or(&self, at: usize) -> bool {
        self.chars[at..].starts_with(&['O', 'R'])
            && (!self.goes_on(at + 2) || self.chars.get(at + 2) == Some(&'('))
    }

    /// Reads (key `:`)? then quoted text, a list in brackets, or plain characters.
    fn condition(&self, start: usize) -> Result<(Kind, usize), QueryError> {
        let letters = self.chars[start..].iter().take_while(|c| c.is_ascii_alphabetic()).count();
        let colon = start + letters;
        let key = (letters > 0 && self.chars.get(colon) == Some(&':'))
            .then(|| self.chars[start..colon].iter().collect::<String>().to_lowercase());
        let at = if key.is_some() { colon + 1 } else { start };
        let signs = self.chars[at..].iter().take_while(|c| key.is_some() && "=*<>".contains(**c)).count();
        let (value, end) = match self.chars.get(at + signs) {
            Some('"') => {
                let (text, end) = self.quoted(at + signs)?;
                let stars = self.chars[end..].iter().take_while(|c| key.is_some() && **c == '*').count();
                let before = self.chars[at..at + signs].iter().collect();
                (Value::Quoted { before, text, behind: stars > 0 }, end + stars)
            }
            Some('[') if key.is_some() && signs == 0 => {
                let (items, end) = self.list(at)?;
                (Value::List(items), end)
            }
            _ => {
                let end = self.end_of_word(at);
                (Value::Plain(self.chars[at..end].iter().collect()), end)
            }
        };
        Ok((Kind::Condition { key, value }, end))
    }

    /// Behind the plain characters that begin at `start`. In a group, a `)` that closes nothing within them ends them.
    fn end_of_word(&self, start: usize) -> usize {
        let mut at = self.numbers.get(start).copied().flatten().map_or(start, |closing| closing + 1);
        let mut open = 0;
        while let Some(c) = self.chars.get(at).filter(|c| !c.is_whitespace()) {
            match c {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' if !self.open.is_empty() => break,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Reads the quoted text whose first quote is at `start`.
    fn quoted(&self, start: usize) -> Result<(String, usize), QueryError> {
        let mut text = String::new();
        let mut at = start + 1;
        while let Some(&c) = self.chars.get(at) {
            match (c, self.chars.get(at + 1)) {
                ('"', _) => return Ok((text, at + 1)),
                ('\\', Some(&escaped @ ('"' | '\\'))) => {
                    text.push(escaped);
                    at += 2;
                }
                _ => {
                    text.push(c);
                    at += 1;
                }
            }
        }
        Err(self.never_closed('"', start))
    }

    /// Reads the list whose bracket is at `start`.
    fn list(&self, start: usize) -> Result<(Vec<String>, usize), QueryError> {
        let mut items = Vec::new();
        let mut at = start + 1;
        loop {
            at += self.chars[at..].iter().take_while(|c| c.is_whitespace()).count();
            match self.chars.get(at) {
                None => return Err(self.never_closed(']', start)),
                Some(']') => return Ok((items, at + 1)),
                Some(',') => at += 1,
                Some('"') => {
                    let (text, end) = self.quoted(at)?;
                    items.push(text);
                    at = end + self.chars[end..].iter().take_while(|c| c.is_whitespace()).count();
                    if self.chars.get(at).is_some_and(|c| !",]".contains(*c)) {
                        let message = "Behind a quoted item of a list comes a comma or a ].";
                        return Err(QueryError::new(message, at..at + 1));
                    }
                }
                Some(_) => {
                    let length = self.chars[at..].iter().take_while(|c| !",]".contains(**c)).count();
                    let item: String = self.chars[at..at + length].iter().collect();
                    items.push(item.trim_end().to_owned());
                    at += length;
                }
            }
        }
    }

    fn never_closed(&self, missing: char, start: usize) -> QueryError {
        let message = format!("This is never closed: a {missing} is missing.");
        QueryError::new(message, start..self.chars.len())
    }

    fn add(&mut self, token: Token) {
        match token.kind {
            Kind::Open => self.open.push(self.tokens.len()),
            Kind::Close => {
                self.open.pop();
            }
            Kind::Or | Kind::Condition { .. } => {}
        }
        self.tokens.push(token);
    }

    /// A `(` that nothing closes is a part of the number that it stands before; before anything else it is a mistake.
    fn close(self) -> Result<Vec<Token>, QueryError> {
        let mut tokens: Vec<Option<Token>> = self.tokens.into_iter().map(Some).collect();
        for &at in self.open.iter().rev() {
            let Some(open) = tokens[at].take() else { continue };
            let next = tokens.get_mut(at + 1).and_then(Option::take);
            let start = open.at.start + open.negations;
            match next.filter(|next| next.at.start == open.at.end && is_number_piece(next)) {
                Some(next) => {
                    let value = Value::Plain(self.chars[start..next.at.end].iter().collect());
                    let kind = Kind::Condition { key: None, value };
                    tokens[at] =
                        Some(Token { negations: open.negations, kind, at: open.at.start..next.at.end });
                }
                None => {
                    let message = "This group is never closed: a ) is missing.";
                    return Err(QueryError::new(message, start..self.chars.len()));
                }
            }
        }
        Ok(tokens.into_iter().flatten().collect())
    }
}

/// Joins neighbouring bare pieces of one number: `(206) 555 0177` is one thing to search for.
fn join_numbers(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    let mut behind_number = false;
    for mut token in tokens {
        let is_number = is_number_piece(&token);
        if let (true, Kind::Condition { value: Value::Plain(piece), .. }) = (is_number, &mut token.kind) {
            piece.retain(|c| !c.is_whitespace());
            if let (true, 0, Some(last)) = (behind_number, token.negations, joined.last_mut())
                && let Kind::Condition { value: Value::Plain(number), .. } = &mut last.kind
            {
                number.push_str(piece);
                last.at.end = token.at.end;
                continue;
            }
        }
        behind_number = is_number;
        joined.push(token);
    }
    joined
}

fn is_number_piece(token: &Token) -> bool {
    match &token.kind {
        Kind::Condition { key: None, value: Value::Plain(text) } => is_number(text.chars()),
        Kind::Condition { .. } | Kind::Open | Kind::Close | Kind::Or => false,
    }
}
