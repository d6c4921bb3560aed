//! Writes an object member by member, in the order given.

use crate::json;

/// An object being written, member by member.
pub(crate) struct Document(String);

impl Document {
    pub(crate) fn new() -> Document {
        Document::within(String::with_capacity(1024))
    }

    /// An object that is appended to `out`.
    fn within(mut out: String) -> Document {
        out.push('{');
        Document(out)
    }

    /// A document that begins with its status.
    pub(crate) fn with_status(name: &str) -> Document {
        Document::new().text("status", name)
    }

    fn name(&mut self, name: &str) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        // Names are this library's own, or a header's: nothing to escape.
        self.0.extend(["\"", name, "\":"]);
    }

    /// A member whose value is JSON already.
    pub(crate) fn raw(mut self, name: &str, value: &str) -> Document {
        self.name(name);
        self.0.push_str(value);
        self
    }

    pub(crate) fn text(mut self, name: &str, value: &str) -> Document {
        self.name(name);
        json::write_string(&mut self.0, value);
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<&str>) -> Document {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// A member whose value is JSON already, if there is one.
    pub(crate) fn maybe_raw(self, name: &str, value: Option<String>) -> Document {
        match value {
            Some(value) => self.raw(name, &value),
            None => self,
        }
    }

    pub(crate) fn number(self, name: &str, value: impl Into<i64>) -> Document {
        self.raw(name, &value.into().to_string())
    }

    /// A list of objects, each filled by `fill`.
    pub(crate) fn list<T>(
        mut self,
        name: &str,
        items: &[T],
        fill: impl Fn(Document, &T) -> Document,
    ) -> Document {
        self.name(name);
        self.0.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.0 = fill(Document::within(self.0), item).finish();
        }
        self.0.push(']');
        self
    }

    /// A list of texts.
    pub(crate) fn texts(mut self, name: &str, texts: &[String]) -> Document {
        self.name(name);
        self.0.push('[');
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            json::write_string(&mut self.0, text);
        }
        self.0.push(']');
        self
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
