//! The XML shapes: `<Error>…</Error>`, a success with a root element, and, as the reference prints
//! it, one without: three elements side by side.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::Reply;

/// Nothing we look for stands deeper than below one root.
const DEEPEST: usize = 2;

/// Reads every leaf at the top or below one root; `None` where the text is not whole.
pub(super) fn read(text: &str) -> Option<Reply> {
    let mut reader = Reader::from_str(text);
    let mut reply = Reply::default();
    let mut depth = 0;
    let mut leaf: Option<(String, String)> = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                depth += 1;
                let name = start.local_name().as_ref().to_owned();
                if name.eq_ignore_ascii_case("html") {
                    return None;
                }
                reply.has_inner_error |= name == "Error";
                leaf = (depth <= DEEPEST).then_some((name, String::new()));
            }
            Event::End(_) => {
                depth -= 1;
                if let Some((name, value)) = leaf.take() {
                    reply.take(&name, value.trim().to_owned());
                }
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                // Between elements there is nothing to say.
                if depth == 0 && !text.trim().is_empty() {
                    return None;
                }
                push(&mut leaf, &text);
            }
            Event::CData(text) => push(&mut leaf, &text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(c) => push(&mut leaf, c.encode_utf8(&mut [0; 4])),
                None => push(&mut leaf, resolve_predefined_entity(&reference.xml10_content())?),
            },
            Event::Eof => return (depth == 0).then_some(reply),
            // The service has no document type; pages do.
            Event::DocType(_) => return None,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn push(leaf: &mut Option<(String, String)>, text: &str) {
    if let Some((_, value)) = leaf {
        value.push_str(text);
    }
}
