//! Documents made from the table: mostly sound, and wrong in every way a row can be.

use cs_scale_out::binding::{Kind, Row, Values, rows};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

/// Values of every kind, as JSON text.
const ODD: [&str; 27] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "3",
    "3.0",
    "3e0",
    "2.5",
    "120.0",
    "5e2",
    "1e30",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999",
    r#""""#,
    r#""a""#,
    r#""true""#,
    r#""12""#,
    r#""0""#,
    r#""PrePaid""#,
    "[]",
    r#"["a",1,null]"#,
    "{}",
    r#"{"key":"a"}"#,
];

/// Strings that some member has a word on.
const TEXTS: [&str; 25] = [
    "",
    "a",
    "c82e6987",
    "c/1",
    "ä",
    "acs:x",
    "Hello@1234",
    "hello",
    "helloworld",
    "IyEvYmluL3NoCg==",
    "IyE",
    "cn-hangzhou",
    "CN",
    "cs.example.com",
    "http://cs.example.com",
    "http://127.0.0.1:1",
    "ftp://a",
    "STS.id",
    "Hello@12\n",
    "a b",
    "00",
    "007",
    "40.0",
    "/count",
    "/tags/0",
];

/// A document as JSON text.
pub fn any() -> impl Strategy<Value = String> {
    prop_oneof![30 => object("").prop_map(|text| text), 1 => select(&ODD[..]).prop_map(str::to_owned)]
}

/// An object at a pointer of the table: some of its members in any order, now and then an unknown one
/// or one that is given twice.
fn object(pointer: &str) -> BoxedStrategy<String> {
    let rows: Vec<_> = rows().filter(|row| parent(row) == pointer).collect();
    let share = if pointer.is_empty() { 0.25 } else { 0.5 };
    let members: Vec<_> = rows
        .iter()
        .map(|row| prop::option::weighted(if row.required { 0.95 } else { share }, member(row)))
        .collect();
    let names =
        rows.iter().map(|row| row.name).chain(["count", "cont", "a/b~c", "新"]).collect::<Vec<_>>();
    let stranger =
        (select(names), select(&ODD[..])).prop_map(|(name, value)| format!("{name:?}:{value}"));
    (members, prop::option::weighted(0.06, stranger))
        .prop_map(|(members, stranger)| {
            members.into_iter().flatten().chain(stranger).collect::<Vec<_>>()
        })
        .prop_shuffle()
        .prop_map(|members| format!("{{{}}}", members.join(",")))
        .boxed()
}

fn parent(row: &Row) -> &'static str {
    row.pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn member(row: &'static Row) -> impl Strategy<Value = String> {
    value(row).prop_map(|value| format!("{:?}:{value}", row.name))
}

/// A value of a row, now and then any other.
fn value(row: &'static Row) -> BoxedStrategy<String> {
    let odd = select(&ODD[..]).prop_map(str::to_owned);
    prop_oneof![14 => sound(row), 1 => odd].boxed()
}

/// A value of the row's kind, which may break its other rules.
fn sound(row: &'static Row) -> BoxedStrategy<String> {
    match row.kind {
        Kind::Any => select(&ODD[..]).prop_map(str::to_owned).boxed(),
        Kind::String => text(row),
        Kind::Integer => integer(row),
        Kind::Boolean => any_of(vec!["true".to_owned(), "false".to_owned()]),
        Kind::BooleanText => {
            any_of(["true", "false", r#""true""#, r#""false""#].map(str::to_owned).into())
        }
        Kind::IntegerText => {
            Union::new([integer(row), integer(row).prop_map(|n| format!("{n:?}")).boxed()]).boxed()
        }
        Kind::Array(item) => prop::collection::vec(value(item), 0..4)
            .prop_map(|items| format!("[{}]", items.join(",")))
            .boxed(),
        Kind::Object => object(row.pointer),
    }
}

fn text(row: &'static Row) -> BoxedStrategy<String> {
    let mut texts = vec![row.example.to_owned(); 6];
    texts.extend(TEXTS.map(|text| format!("{text:?}")));
    match row.values {
        Values::Words(words) => {
            texts.extend(words.iter().flat_map(|word| vec![format!("{word:?}"); 20]));
        }
        Values::Characters(range) => {
            let of_length = |n: i64| {
                format!("{:?}", "aB3x".chars().cycle().take(n as usize).collect::<String>())
            };
            let ends = [range.least - 1, range.least, range.most, range.most.saturating_add(1)];
            texts.extend(ends.into_iter().filter(|n| *n < 1000).map(of_length));
        }
        Values::Any | Values::Integers(_) | Values::Within(_) => {}
    }
    any_of(texts)
}

fn integer(row: &'static Row) -> BoxedStrategy<String> {
    let near = |n: i64| [n.saturating_sub(1), n, n.saturating_add(1)];
    let mut numbers = match row.values {
        Values::Integers(integers) => integers.iter().flat_map(|n| [*n, *n, *n, n + 1]).collect(),
        Values::Within(range) => [near(range.least), near(range.most)].concat(),
        Values::Any | Values::Characters(_) | Values::Words(_) => vec![0, 1],
    };
    numbers.extend(
        row.advised.into_iter().flat_map(|range| [near(range.least), near(range.most)].concat()),
    );
    any_of(numbers.iter().map(i64::to_string).collect())
}

fn any_of(texts: Vec<String>) -> BoxedStrategy<String> {
    select(texts).boxed()
}
