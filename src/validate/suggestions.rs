//! The nearest known name to one that is not known.

use crate::schema::{CLIENT, Row};

/// The name among the rows of an object that `name` was probably meant to be: what others call it, or
/// a slip. At the top of a document (`is_top`) it may also be a member of `client`.
pub(super) fn nearest(
    name: &str,
    rows: impl Iterator<Item = &'static Row> + Clone,
    is_top: bool,
) -> Option<String> {
    let wanted = plain(name)?;
    let is_same = |other: &&str| plain(other).is_some_and(|other| other == wanted);
    if let Some(row) = rows.clone().find(|row| row.synonyms.iter().any(is_same)) {
        return Some(row.name.to_owned());
    }
    if is_top && let Some(row) = CLIENT.rows().find(|row| is_same(&row.name)) {
        return Some(format!("client.{}", row.name));
    }
    let limit = if wanted.len() < 3 { 1 } else { 2 + wanted.len() / 8 };
    rows.filter_map(|row| Some((distance(&wanted, &plain(row.name)?, limit)?, row.name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, near)| near.to_owned())
}

/// Lower-case letters and digits only, so that `ClusterID`, `clusterId` and `cluster_id` meet.
/// Names too long to be a slip of anything known are not looked at.
fn plain(name: &str) -> Option<Vec<u8>> {
    const LONGEST: usize = 48;
    (name.len() <= LONGEST).then(|| {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect()
    })
}

/// Edit distance (insert, delete, replace, swap neighbours), `None` above `limit`.
fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if a.is_empty() || a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = above[j] + usize::from(x != y);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        if row.iter().all(|&cost| cost > limit) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&cost| cost <= limit)
}

#[cfg(test)]
mod tests {
    use crate::schema::SCALE_OUT;

    fn nearest(name: &str) -> Option<String> {
        super::nearest(name, SCALE_OUT.rows(), true)
    }

    #[test]
    fn slips_find_their_name() {
        for (name, meant) in [
            ("cont", "count"),
            ("cuont", "count"),
            ("cnt", "count"),
            ("clusterid", "ClusterId"),
            ("VSwitchIds", "vswitch_ids"),
            ("loginPasword", "login_password"),
        ] {
            assert_eq!(nearest(name).as_deref(), Some(meant), "{name}");
        }
        assert_eq!(nearest("entirely_else"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn synonyms_find_their_name_in_any_spelling() {
        for row in SCALE_OUT.rows() {
            for synonym in row.synonyms {
                assert_eq!(nearest(synonym).as_deref(), Some(row.name), "{synonym}");
                let spelled = synonym.replace('_', "-").to_uppercase();
                assert_eq!(nearest(&spelled).as_deref(), Some(row.name), "{spelled}");
            }
        }
        assert_eq!(nearest("region_id").as_deref(), Some("client.region_id"));
        assert_eq!(super::nearest("region_id", SCALE_OUT.rows(), false), None);
    }
}
