//! Builds a request document member by member, so that nobody pastes strings together: text comes
//! in plain and goes in escaped, as the JSON type the parameter has.

use crate::error::{Code, Error, Problem};
use crate::json::pointer::{self, is_index};
use crate::json::{self, Kind, Raw};

/// `document` with `value` at `pointer`, as the kind that `kind_of` says of the pointer's parts; what is
/// missing on the way there is made.
pub(crate) fn set(
    document: Raw<'_>,
    pointer: &str,
    value: &str,
    kind_of: fn(&[String]) -> Kind,
) -> Result<String, Error> {
    let parts = pointer::parse(pointer)?;
    let leaf = typed(kind_of(&parts), pointer, value)?;
    let out = String::with_capacity(document.text().len() + leaf.len() + pointer.len() + 8);
    let mut edit = Edit { pointer, out, behind: Vec::new() };
    let mut here = Some(document);
    for part in &parts {
        here = edit.enter(here, part)?;
    }
    edit.out.push_str(&leaf);
    edit.out.extend(edit.behind.into_iter().rev());
    Ok(edit.out)
}

fn bad(pointer: &str, code: Code, message: String) -> Error {
    Error::Invalid(vec![Problem { path: pointer.to_owned(), code, message }])
}

/// The value as JSON of the kind that is wanted.
fn typed(wanted: Kind, pointer: &str, value: &str) -> Result<String, Error> {
    if wanted == Kind::Text {
        let mut leaf = String::with_capacity(value.len() + 2);
        json::write_string(&mut leaf, value);
        return Ok(leaf);
    }
    let parsed = Raw::parse(value).ok().filter(|raw| raw.kind() == wanted);
    let sound = parsed.filter(|raw| wanted != Kind::Number || raw.is_integer());
    let Some(raw) = sound else {
        let what = match wanted {
            Kind::Number => "an integer",
            Kind::Boolean => "true or false",
            Kind::Array => "a JSON array",
            _ => "a JSON object",
        };
        return Err(bad(pointer, Code::WrongType, format!("takes {what}")));
    };
    let mut leaf = String::with_capacity(value.len());
    raw.write_compact(&mut leaf);
    Ok(leaf)
}

/// The way into a document: what stands before it is written, what stands behind it is kept, the
/// outermost first. No recursion, since a pointer may be long and a stack short.
struct Edit<'a> {
    pointer: &'a str,
    out: String,
    behind: Vec<String>,
}

impl Edit<'_> {
    /// Into the member `part` of `here`, whose value is returned if there is one.
    fn enter<'d>(&mut self, here: Option<Raw<'d>>, part: &str) -> Result<Option<Raw<'d>>, Error> {
        let here = here.filter(|raw| !raw.is_null());
        let kind = match here {
            Some(raw) => raw.kind(),
            None if is_index(part) => Kind::Array,
            None => Kind::Object,
        };
        match kind {
            Kind::Object => self.enter_object(here, part),
            Kind::Array => self.enter_array(here, part),
            kind => {
                let message = format!("passes through {}, which has no members", kind.name());
                Err(bad(self.pointer, Code::BadPointer, message))
            }
        }
    }

    fn enter_object<'d>(
        &mut self,
        here: Option<Raw<'d>>,
        part: &str,
    ) -> Result<Option<Raw<'d>>, Error> {
        let members = here.and_then(Raw::members).unwrap_or_default();
        // A name that was not read whole must not be written back.
        if members.iter().any(|(name, _)| name.contains('\u{fffd}')) {
            let message = "passes an object with half of a surrogate pair in a name".to_owned();
            return Err(bad(self.pointer, Code::NotUnicode, message));
        }
        let found = members.iter().position(|(name, _)| name == part);
        let (before, rest) = members.split_at(found.unwrap_or(members.len()));
        self.out.push('{');
        for (name, value) in before {
            member(&mut self.out, name);
            value.write_compact(&mut self.out);
            self.out.push(',');
        }
        member(&mut self.out, part);
        let mut behind = String::new();
        for (name, value) in rest.iter().skip(1) {
            behind.push(',');
            member(&mut behind, name);
            value.write_compact(&mut behind);
        }
        behind.push('}');
        self.behind.push(behind);
        Ok(rest.first().map(|(_, value)| *value))
    }

    fn enter_array<'d>(
        &mut self,
        here: Option<Raw<'d>>,
        part: &str,
    ) -> Result<Option<Raw<'d>>, Error> {
        let items = here.and_then(Raw::items).unwrap_or_default();
        let index = if part == "-" { Some(items.len()) } else { part.parse().ok() };
        let index = index.filter(|&index| index <= items.len() && is_index(part));
        let index = index.ok_or_else(|| {
            let message = format!("must be an index of 0 to {}, or \"-\"", items.len());
            bad(self.pointer, Code::BadPointer, message)
        })?;
        let (before, rest) = items.split_at(index);
        self.out.push('[');
        for item in before {
            item.write_compact(&mut self.out);
            self.out.push(',');
        }
        let mut behind = String::new();
        for item in rest.iter().skip(1) {
            behind.push(',');
            item.write_compact(&mut behind);
        }
        behind.push(']');
        self.behind.push(behind);
        Ok(rest.first().copied())
    }
}

fn member(out: &mut String, name: &str) {
    json::write_string(out, name);
    out.push(':');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(document: &str, pointer: &str, value: &str) -> Result<String, Error> {
        set(Raw::parse(document).expect("JSON"), pointer, value, crate::schema::json_kind)
    }

    #[test]
    fn values_go_in_as_the_parameters_type() {
        for (pointer, value, expected) in [
            ("/ClusterId", "c1", r#"{"ClusterId":"c1"}"#),
            ("/login_password", "a\"b\\c\n123", r#"{"login_password":"a\"b\\c\n123"}"#),
            ("/login_password", "12345678", r#"{"login_password":"12345678"}"#),
            ("/count", "3", r#"{"count":3}"#),
            ("/worker_data_disk", "true", r#"{"worker_data_disk":true}"#),
            ("/vswitch_ids", r#"[ "a", "b" ]"#, r#"{"vswitch_ids":["a","b"]}"#),
            ("/vswitch_ids/-", "a", r#"{"vswitch_ids":["a"]}"#),
            ("/tags/0/key", "tier", r#"{"tags":[{"key":"tier"}]}"#),
            ("/worker_data_disks/0/size", "120", r#"{"worker_data_disks":[{"size":"120"}]}"#),
            ("/client/timeout_ms", "1000", r#"{"client":{"timeout_ms":1000}}"#),
            ("/client/dry_run", "true", r#"{"client":{"dry_run":true}}"#),
            ("/brand_new", "1", r#"{"brand_new":"1"}"#),
            ("", r#"{"count": 1}"#, r#"{"count":1}"#),
        ] {
            assert_eq!(after("{}", pointer, value).as_deref(), Ok(expected), "{pointer}");
        }
    }

    #[test]
    fn the_rest_of_the_document_stays_as_it_is() {
        let document =
            r#"{"b": 1.50, "tags": [{"key": "a"}, {"key": "b"}], "count": 1, "c": null}"#;
        for (pointer, value, expected) in [
            ("/count", "7", r#"{"b":1.50,"tags":[{"key":"a"},{"key":"b"}],"count":7,"c":null}"#),
            (
                "/tags/1/value",
                "v",
                r#"{"b":1.50,"tags":[{"key":"a"},{"key":"b","value":"v"}],"count":1,"c":null}"#,
            ),
            (
                "/tags/-/key",
                "c",
                r#"{"b":1.50,"tags":[{"key":"a"},{"key":"b"},{"key":"c"}],"count":1,"c":null}"#,
            ),
            ("/c/d", "x", r#"{"b":1.50,"tags":[{"key":"a"},{"key":"b"}],"count":1,"c":{"d":"x"}}"#),
        ] {
            assert_eq!(after(document, pointer, value).as_deref(), Ok(expected), "{pointer}");
        }
    }

    #[test]
    fn what_does_not_fit_is_invalid() {
        let document = r#"{"count": 1, "tags": [{"key": "a"}]}"#;
        for (pointer, value) in [
            ("/count", "three"),
            ("/count", "3.5"),
            ("/count", "\"3\""),
            ("/count", ""),
            ("/count/x", "1"),
            ("/worker_data_disk", "yes"),
            ("/tags", "{}"),
            ("/tags/0", "a"),
            ("/tags/7/key", "a"),
            ("/tags/x/key", "a"),
            ("/tags/00/key", "a"),
            ("/client", "[]"),
            ("count", "3"),
        ] {
            let result = after(document, pointer, value);
            assert!(matches!(result, Err(Error::Invalid(_))), "{pointer} {value}: {result:?}");
        }
    }
}
