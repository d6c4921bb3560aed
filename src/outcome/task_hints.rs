//! What to do about a task that failed: by the codes that the service shows there and nowhere else.

use crate::task::Task;

/// What the beginning of a code, or of a word in a message, means.
const HINTS: [(&[&str], &str); 4] = [
    (
        &[
            "OperationDenied.NoStock",
            "InvalidSystemDiskCategory.ValueNotSupported",
            "InvalidResourceType.NotSupported",
        ],
        "these instances or disks are sold out there: try another type or zone, or later",
    ),
    (&["QuotaExceed"], "a quota of the account is used up: have it raised"),
    (
        &["InvalidAccountStatus.NotEnoughBalance"],
        "the account's balance is too low: it takes at least 100 CNY",
    ),
    (&["Account.Arrearage"], "the account has bills to pay"),
];

/// The hint for what a task's error and events say.
pub(crate) fn hint(task: &Task) -> Option<&'static str> {
    let errors = task.error.iter().flat_map(|error| [&error.code, &error.message]);
    let events = task.events.iter().flat_map(|event| [&event.reason, &event.message]);
    let texts: Vec<&String> = errors.chain(events).flatten().collect();
    let is_said = |words: &[&str]| texts.iter().any(|text| words.iter().any(|w| text.contains(w)));
    HINTS.iter().find(|(words, _)| is_said(words)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::reply::read_task;

    #[test]
    fn a_code_is_found_wherever_a_task_tells_it() {
        let hint = |members: &str| {
            let text = format!(r#"{{"task_id":"T","state":"fail",{members}}}"#);
            hint(&read_task(text.as_bytes(), "T").expect("a task"))
        };
        for (members, word) in [
            (r#""error":{"code":"OperationDenied.NoStock"}"#, "sold out"),
            (r#""error":{"code":"x","message":"Code: QuotaExceed.ElasticQuota"}"#, "quota"),
            (r#""events":[{"reason":"Account.Arrearage"}]"#, "bills"),
            (r#""events":[{"message":"InvalidAccountStatus.NotEnoughBalance: no"}]"#, "100 CNY"),
        ] {
            assert!(hint(members).is_some_and(|hint| hint.contains(word)), "{members}");
        }
        assert_eq!(hint(r#""error":{"code":"Other","message":"made to fail"}"#), None);
    }
}
