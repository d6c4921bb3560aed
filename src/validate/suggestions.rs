//! The nearest known name to one that is not known.

use crate::schema::Row;

/// The name among the rows of an object that `name` was probably meant to be.
pub fn nearest(name: &str, rows: impl Iterator<Item = &'static Row>) -> Option<&'static str> {
    let wanted = plain(name)?;
    let limit = if wanted.len() < 3 { 1 } else { 2 + wanted.len() / 8 };
    rows.filter_map(|row| Some((distance(&wanted, &plain(row.name)?, limit)?, row.name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
    use super::*;
    use crate::schema::SCALE_OUT;

    #[test]
    fn slips_find_their_name() {
        let nearest = |name| nearest(name, SCALE_OUT.rows());
        assert_eq!(nearest("cont"), Some("count"));
        assert_eq!(nearest("cuont"), Some("count"));
        assert_eq!(nearest("cnt"), Some("count"));
        assert_eq!(nearest("cluster_id"), Some("ClusterId"));
        assert_eq!(nearest("VSwitchIds"), Some("vswitch_ids"));
        assert_eq!(nearest("loginPasword"), Some("login_password"));
        assert_eq!(nearest("entirely_else"), None);
        assert_eq!(nearest(""), None);
    }
}
