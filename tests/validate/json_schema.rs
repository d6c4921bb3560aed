//! The promise: the JSON Schema that the library carries, schema/request.schema.json, is what the table
//! of members says. `UPDATE=1 cargo test --test validate json_schema` rewrites it.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use cs_scale_out::binding::{Kind, Range, Row, Values, rows};

/// JSON whose members keep their order.
enum Json {
    /// JSON text.
    Raw(String),
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

type Members = Vec<(&'static str, Json)>;

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Raw(text) => RawValue::from_string(text.clone())
                .map_err(serde::ser::Error::custom)?
                .serialize(to),
            Json::Text(text) => to.serialize_str(text),
            Json::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Json::Object(members) => {
                let mut map = to.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn number(number: i64) -> Json {
    Json::Raw(number.to_string())
}

/// The whole schema.
fn document() -> Json {
    let mut members = vec![
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("title", text("A ScaleOutCluster request of cs_scale_out")),
        (
            "description",
            text(
                "Parameters by their documented names, and client, which says how to send. null is as \
                 good as absent. What several members say together, and the form of names, addresses and \
                 Base64, cs_scale_out_validate() checks beyond this.",
            ),
        ),
        ("type", text("object")),
    ];
    members.extend(properties(""));
    Json::Object(members)
}

/// What an object at `pointer` may hold.
fn properties(pointer: &str) -> Members {
    let below = |row: &&Row| row.pointer.strip_suffix(row.name) == Some(&format!("{pointer}/"));
    let rows: Vec<_> = rows().filter(below).collect();
    let required = rows.iter().filter(|row| row.required).map(|row| text(row.name)).collect();
    let mut members = vec![
        ("properties", Json::Object(rows.iter().map(|row| (row.name, of(row))).collect())),
        ("required", Json::List(required)),
        ("additionalProperties", Json::Raw("false".to_owned())),
    ];
    members.retain(|(_, value)| !matches!(value, Json::List(items) if items.is_empty()));
    members
}

fn of(row: &Row) -> Json {
    let mut members = vec![("description", text(&description(row)))];
    members.extend(checks(row));
    members.extend(row.default.map(|json| ("default", Json::Raw(json.to_owned()))));
    members.push(("examples", Json::List(vec![Json::Raw(row.example.to_owned())])));
    members.push(("$comment", Json::Text(format!("since {}", row.since))));
    Json::Object(members)
}

fn description(row: &Row) -> String {
    let unit = row.unit.map(|unit| format!(" Unit: {unit}.")).unwrap_or_default();
    let advised = match (row.kind, row.advised) {
        (_, None) => String::new(),
        (Kind::Array(_), Some(range)) => format!(" Advised: at most {} items.", range.most),
        (_, Some(range)) => format!(" Advised: {} to {}.", range.least, range.most),
    };
    format!("{}{unit}{advised}", row.doc)
}

/// What a validator of schemas looks at.
fn checks(row: &Row) -> Members {
    match row.kind {
        Kind::Any => Vec::new(),
        Kind::String => typed(row, "string", limits(row)),
        Kind::Integer => typed(row, "integer", limits(row)),
        Kind::Boolean => typed(row, "boolean", Vec::new()),
        Kind::BooleanText => {
            let values = [r#""true""#, r#""false""#, "true", "false", "null"];
            vec![("enum", Json::List(values.map(|value| Json::Raw(value.to_owned())).into()))]
        }
        Kind::IntegerText => {
            let types = ["string", "integer", "null"].map(text);
            vec![
                ("type", Json::List(types.into())),
                ("pattern", text("^0*[1-9][0-9]*$")),
                ("minimum", number(1)),
            ]
        }
        Kind::Array(item) => typed(row, "array", vec![("items", of(item))]),
        Kind::Object => typed(row, "object", properties(row.pointer)),
    }
}

/// A member that may be absent may be null, too; an array's item may not.
fn is_nullable(row: &Row) -> bool {
    !row.required && row.name != "*"
}

/// The type by its name, and the other checks.
fn typed(row: &Row, name: &str, others: Members) -> Members {
    let value = match is_nullable(row) {
        true => Json::List(vec![text(name), text("null")]),
        false => text(name),
    };
    [("type", value)].into_iter().chain(others).collect()
}

fn limits(row: &Row) -> Members {
    let ends = |Range { least, most }, [lower, upper]: [&'static str; 2]| {
        let ends = [(lower, least, 0), (upper, most, i64::MAX)];
        let told = ends.into_iter().filter(|(_, end, none)| end != none);
        told.map(|(name, end, _)| (name, number(end))).collect()
    };
    let list = |mut values: Vec<Json>| {
        values.extend(is_nullable(row).then(|| Json::Raw("null".to_owned())));
        vec![("enum", Json::List(values))]
    };
    match row.values {
        Values::Any => Vec::new(),
        Values::Characters(range) => ends(range, ["minLength", "maxLength"]),
        Values::Words(words) => list(words.iter().map(|word| text(word)).collect()),
        Values::Integers(integers) => list(integers.iter().map(|value| number(*value)).collect()),
        // 64 bits are a limit, too.
        Values::Within(Range { least, most }) => {
            vec![("minimum", number(least)), ("maximum", number(most))]
        }
    }
}

#[test]
fn the_json_schema_is_the_tables() {
    let made = serde_json::to_string_pretty(&document()).expect("JSON") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/request.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).expect("schema/ is writable");
    }
    let committed = std::fs::read_to_string(path).expect("schema/request.schema.json");
    assert_eq!(
        committed, made,
        "run UPDATE=1 cargo test --test validate json_schema, and look at the difference"
    );
}
